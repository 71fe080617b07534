import type { MovedPage, MovedRow } from '@chasqui/ports';
import { lastPosition } from '../conversations/inbox-table.ts';
import { FAMILY } from '../families.ts';
import type { StoreContext } from '../store-context.ts';

const PAGE = `SELECT id, name, floor, ifnull(life, 0) FROM users LEFT JOIN lives ON lives.user = users.id
  WHERE id > ? ORDER BY id LIMIT ?`;

/** Logs with entries, or that had some. The head of a log follows from its entries. */
export function pageOfLogs({ db, tables }: StoreContext, cursor: string | null, limit: number): MovedPage {
  const inbox = tables.table(FAMILY.inbox);
  const found = db.all(PAGE, Number(cursor ?? 0), limit) as [number, string, number, number][];
  const rows = found.flatMap(([id, name, floor, life]): MovedRow[] => {
    const head = Math.max(floor, lastPosition(inbox, id));
    return head === 0 && life === 0 ? [] : [[name, head, floor, life]];
  });
  return { rows, cursor: found.length < limit ? null : String(found.at(-1)?.[0]) };
}

export function putLogs({ db, names }: StoreContext, rows: readonly MovedRow[]): void {
  for (const [log, , floor, life] of rows as [string, number, number, number][]) {
    const id = names.userId(log);
    db.run('UPDATE users SET floor = ? WHERE id = ?', floor, id);
    if (life > 0) db.run('INSERT OR REPLACE INTO lives VALUES (?, ?)', id, life);
  }
}
