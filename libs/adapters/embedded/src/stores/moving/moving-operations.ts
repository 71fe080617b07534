import type { MovedKind, MovedPage, MovedRow } from '@chasqui/ports';
import type { Handlers } from '../../worker-link/caller.ts';
import type { StoreContext } from '../store-context.ts';
import { pageOfLogs, putLogs } from './log-heads.ts';
import { CONVERSATION_ENTRIES, FIRST_RECORDINGS, LOG_ENTRIES, pageOfSorted, putInSorted } from './sorted-rows.ts';
import { pageOfTable, putInTable } from './table-rows.ts';
import type { OddKind } from './tables.ts';

/** The store worker's operations for moves: the port's methods, by name. */
export type MovingOperations = {
  'movable.page'(args: [kind: MovedKind, cursor: string | null, limit: number]): MovedPage;
  'movable.put'(args: [kind: MovedKind, rows: MovedRow[]]): null;
  'movable.finish'(args: null): null;
  'movable.note'(args: null): string | null;
  'movable.setNote'(args: string | null): null;
};

/** Its value is the note. */
const NOTE = 'move';

const SORTED = {
  log_entries: LOG_ENTRIES,
  first_recordings: FIRST_RECORDINGS,
  conversation_entries: CONVERSATION_ENTRIES,
} as const satisfies { [Kind in Exclude<OddKind, 'logs'>]: unknown };

function isSorted(kind: MovedKind): kind is keyof typeof SORTED {
  return Object.hasOwn(SORTED, kind);
}

function put(store: StoreContext, kind: MovedKind, rows: readonly MovedRow[], now: number): void {
  if (kind === 'logs') putLogs(store, rows);
  else if (isSorted(kind)) putInSorted(store, SORTED[kind], rows, now);
  else putInTable(store.db, store.names, kind, rows);
  store.conversations.flushNames();
}

/** See `MovableStore`. */
export function movingOperations(store: StoreContext): Handlers<MovingOperations> {
  const { db, journal } = store;
  return {
    'movable.page'([kind, cursor, limit]) {
      // Rows are read from the tables alone.
      if (cursor === null) journal.settle();
      if (kind === 'logs') return pageOfLogs(store, cursor, limit);
      if (isSorted(kind)) return pageOfSorted(store, SORTED[kind], cursor, limit);
      return pageOfTable(db, store.names, kind, cursor, limit);
    },
    'movable.put'([kind, rows], now) {
      put(store, kind, rows, now);
      return null;
    },
    // What is in memory was read before rows were put.
    'movable.finish'() {
      store.reload();
      return null;
    },
    'movable.note': () => (db.get('SELECT value FROM meta WHERE key = ?', NOTE)?.[0] as string | undefined) ?? null,
    'movable.setNote'(note) {
      if (note === null) db.run('DELETE FROM meta WHERE key = ?', NOTE);
      else db.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', NOTE, note);
      return null;
    },
  };
}
