import type { AuditEntry } from '@chasqui/domain';
import type { AuditLog } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';

const COLUMNS = 'entry_id, begun_by, at, actor, action, target, outcome, detail';
const APPEND = `INSERT INTO audit_log (${COLUMNS}) VALUES (?) ON DUPLICATE KEY UPDATE entry_id = entry_id`;
const PAGE = `SELECT ${COLUMNS} FROM audit_log WHERE entry_id < ? ORDER BY entry_id DESC LIMIT ?`;
const PAGE_OF = `SELECT ${COLUMNS} FROM audit_log WHERE target = ? AND entry_id < ? ORDER BY entry_id DESC LIMIT ?`;
const TRIM = 'DELETE FROM audit_log WHERE at < ? ORDER BY at LIMIT ?';
/** Sorts after every id. */
const END = 'g';

export function createAuditLog(database: Database): AuditLog {
  return {
    async append({ entryId, begunBy, at, actor, action, target, outcome, detail }) {
      const row = [entryId, begunBy, at, actor, action, target, outcome, detail];
      await database.run({ sql: APPEND, values: [row] });
    },
    async page({ before = END, target, limit }) {
      const { rows } = await database.run(
        target === undefined
          ? { sql: PAGE, values: [before, limit] }
          : { sql: PAGE_OF, values: [target, before, limit] },
      );
      return rows.map((row) => {
        const [entryId, begunBy, at, actor, action, target, outcome, detail] = row;
        return { entryId, begunBy, at, actor, action, target, outcome, detail } as AuditEntry;
      });
    },
    trim: async (olderThan, limit) => (await database.run({ sql: TRIM, values: [olderThan, limit] })).affected,
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
