import type { AuditEntry } from '@chasqui/domain';
import type { Database, Row } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { OperationsOf } from './people-operations.ts';

const COLUMNS = 'id, begun_by, at, actor, action, target, outcome, detail';
const APPEND = `INSERT OR IGNORE INTO audit_log (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const PAGE = `SELECT ${COLUMNS} FROM audit_log WHERE id < ? ORDER BY id DESC LIMIT ?`;
const PAGE_OF = `SELECT ${COLUMNS} FROM audit_log WHERE target = ? AND id < ? ORDER BY id DESC LIMIT ?`;
const TRIM = 'DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE at < ? LIMIT ?)';
/** After every id. */
const END = 'g';

function entryOf(row: Row): AuditEntry {
  const [entryId, begunBy, at, actor, action, target, outcome, detail] = row;
  return { entryId, begunBy, at, actor, action, target, outcome, detail } as AuditEntry;
}

export function auditOperations(db: Database): Handlers<OperationsOf<'auditLog'>> {
  return {
    'auditLog.append'({ entryId, begunBy, at, actor, action, target, outcome, detail }) {
      db.run(APPEND, entryId, begunBy, at, actor, action, target, outcome, detail);
      return null;
    },
    'auditLog.page': ({ before = END, target, limit }) =>
      (target === undefined ? db.all(PAGE, before, limit) : db.all(PAGE_OF, target, before, limit)).map(entryOf),
    'auditLog.trim': ([olderThan, limit]) => db.run(TRIM, olderThan, limit),
  };
}
