import { keyOf, numberIn } from '../../runs/keys.ts';
import type { SortedTable } from '../../runs/sorted-table.ts';
import type { SortedTables } from '../../runs/sorted-tables.ts';
import type { Database } from '../../sqlite/database.ts';
import { FAMILY } from '../families.ts';

const FLOOR = 'SELECT floor FROM users WHERE id = ?';

/** Inbox rows by user and position (see `encodeLogRow`). Merges drop those that are trimmed. */
export function openInboxTable(db: Database, tables: SortedTables): SortedTable {
  return tables.open({
    family: FAMILY.inbox,
    keeping() {
      // The rows of a user are adjacent.
      let user = -1;
      let floor = 0;
      return ([key]) => {
        const of = numberIn(key, 0);
        if (of !== user) floor = db.number(FLOOR, of);
        user = of;
        return numberIn(key, 1) > floor;
      };
    },
  });
}

/** The highest position in the table; 0: there is none. */
export function lastPosition(inbox: SortedTable, user: number): number {
  for (const [key] of inbox.between({ from: keyOf(user, 1), to: keyOf(user, 2 ** 48 - 1) }, true)) {
    return numberIn(key, 1);
  }
  return 0;
}
