import type { MovableStore } from '@chasqui/ports';
import type { Database, Statement } from '../engine/index.ts';
import { deriving } from './derived-rows.ts';
import { pageOfMoments, putMoments } from './moment-rows.ts';
import { pageOfTable, piecesOf, putInTable } from './table-rows.ts';

export const MOVE_NOTE: Statement = { sql: "SELECT value FROM meta WHERE name = 'move'" };
const SET = "REPLACE INTO meta (name, value) VALUES ('move', ?)";
const REMOVE = "DELETE FROM meta WHERE name = 'move'";
/** How long a page may take: what is derived of its rows is counted. */
const DEADLINE_MS = 120_000;

/** `MovableStore` in MySQL. Errors: `store_unavailable`. */
export function createMovableStore(database: Database): MovableStore {
  return {
    page: (kind, cursor, limit) =>
      kind === 'moments' ? pageOfMoments(database, cursor, limit) : pageOfTable(database, kind, cursor, limit),
    async put(kind, rows) {
      if (rows.length === 0) return;
      if (kind === 'moments') {
        for (const piece of piecesOf(rows)) {
          await database.transaction<null>(async () => ({ result: null, writes: putMoments(piece) }), DEADLINE_MS);
        }
        return;
      }
      for (const statement of putInTable(kind, rows)) await database.run(statement, DEADLINE_MS);
      for (const statement of deriving(kind, rows)) await database.run(statement, DEADLINE_MS);
    },
    // All that is derived is written with its rows.
    async finish() {},
    async note() {
      const { rows } = await database.run(MOVE_NOTE);
      return (rows[0]?.[0] as string | undefined) ?? null;
    },
    async setNote(note) {
      await database.run(note === null ? { sql: REMOVE } : { sql: SET, values: [note] });
    },
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
