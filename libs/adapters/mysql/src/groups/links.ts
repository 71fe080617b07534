import { type ChangeDecision, EXPIRED_LINK_KEPT_MS, type GroupLink } from '@chasqui/domain';
import type { Row, Statement } from '../engine/index.ts';

export const SELECT_LINKS = `SELECT link_id, conversation_id, created_by, created_at, expires_at, uses_left FROM group_links`;
export const LIVE = '(expires_at = 0 OR expires_at > ?)';
const SAVE = `INSERT INTO group_links (link_id, conversation_id, created_by, created_at, expires_at, uses_left) VALUES ?
  ON DUPLICATE KEY UPDATE expires_at = VALUES(expires_at), uses_left = VALUES(uses_left)`;
const EXPIRED = `DELETE FROM group_links WHERE conversation_id = ? AND NOT ${LIVE}`;
const END = 'DELETE FROM group_links WHERE link_id IN (?)';

export function linkOfRow(row: Row): GroupLink {
  const [linkId, conversationId, createdBy, createdAt, expiresAt, usesLeft] = row as [
    ...[string, string, string, number, number, number | null],
  ];
  return { conversationId, linkId, createdBy, createdAt, expiresAt, usesLeft };
}

/** Also removes those of the group that expired long ago. */
export function saveLinks(
  conversationId: string,
  { links, endedLinks }: Pick<ChangeDecision, 'links' | 'endedLinks'>,
  at: number,
): Statement[] {
  const writes: Statement[] = [];
  if (endedLinks.length > 0) writes.push({ sql: END, values: [endedLinks] });
  if (links.length === 0) return writes;
  const rows = links.map(({ linkId, createdBy, createdAt, expiresAt, usesLeft }): Row => {
    return [linkId, conversationId, createdBy, createdAt, expiresAt, usesLeft];
  });
  return [
    ...writes,
    { sql: EXPIRED, values: [conversationId, at - EXPIRED_LINK_KEPT_MS] },
    { sql: SAVE, values: [rows] },
  ];
}
