import type { MovedKind, MovedRow } from '@chasqui/ports';
import type { Statement } from '../engine/index.ts';

/** The first entry that is kept, and the sum of the unread counts. */
const HEADS = `UPDATE inbox_heads AS h SET
  h.oldest_at = (SELECT at FROM inbox AS i WHERE i.user_id = h.user_id ORDER BY i.position LIMIT 1),
  h.unread = (SELECT COALESCE(SUM(e.unread), 0) FROM conversation_entries AS e WHERE e.user_id = h.user_id)
  WHERE h.user_id IN (?)`;
const PEOPLE = `INSERT INTO people (user_id, contacts, blocks)
  SELECT u.user_id, (SELECT COUNT(*) FROM contacts AS c WHERE c.user_id = u.user_id),
    (SELECT COUNT(*) FROM blocks AS b WHERE b.user_id = u.user_id)
  FROM (SELECT user_id FROM contacts WHERE user_id IN (?) UNION SELECT user_id FROM blocks WHERE user_id IN (?)) AS u
  ON DUPLICATE KEY UPDATE contacts = VALUES(contacts), blocks = VALUES(blocks)`;

/** The user of a row, in kinds that something is derived from. */
const DERIVED: { readonly [Kind in MovedKind]?: 'heads' | 'people' } = {
  log_entries: 'heads',
  logs: 'heads',
  conversation_entries: 'heads',
  contacts: 'people',
  blocks: 'people',
};

/** Statements that make what other columns say of these rows; each counts anew. */
export function deriving(kind: MovedKind, rows: readonly MovedRow[]): Statement[] {
  const what = DERIVED[kind];
  if (what === undefined) return [];
  const users = [...new Set(rows.map(([user]) => user as string))];
  return what === 'heads' ? [{ sql: HEADS, values: [users] }] : [{ sql: PEOPLE, values: [users, users] }];
}
