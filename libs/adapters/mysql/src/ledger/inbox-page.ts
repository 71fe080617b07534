import type { Position, UserId } from '@chasqui/domain';
import type { InboxPage } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { ENTRY_COLUMNS, entryOf } from './entries.ts';

/**
 * One statement, so that head, floor and entries are of one moment. The entries are cut to the limit before they are
 * joined: an inbox of a hundred thousand must not be read for ten. There is one row at least.
 */
const PAGE = `SELECT meta.value, inbox_heads.head, inbox_heads.floor, entries.* FROM meta
  LEFT JOIN inbox_heads ON inbox_heads.user_id = ?
  LEFT JOIN (
    SELECT position, ${ENTRY_COLUMNS} FROM inbox WHERE user_id = ? AND position > ? ORDER BY position LIMIT ?
  ) AS entries ON 1 = 1
  WHERE meta.name = 'epoch' ORDER BY entries.position`;

/** See `InboxStore.page`. */
export async function inboxPage(
  database: Database,
  userId: UserId,
  after: Position,
  limit: number,
): Promise<InboxPage> {
  const { rows } = await database.run({ sql: PAGE, values: [userId, userId, after, limit] });
  const [epoch, head, floor] = (rows[0] ?? ['', null, null]) as [string, Position | null, Position | null];
  const entries = rows.filter((row) => row[3] !== null).map((row) => entryOf(userId, row.slice(3)));
  return { entries, head: head ?? 0, floor: floor ?? 0, epoch };
}
