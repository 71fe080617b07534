import { EXPIRED_LINK_KEPT_MS, type GroupLink, type JoinRequest } from '@chasqui/domain';
import type { Database, Row } from '../../sqlite/database.ts';

const LINK = 'SELECT id, conversation, created_by, created_at, expires_at, uses_left FROM group_links';
const LIVE = '(expires_at = 0 OR expires_at > ?)';
const REQUESTS = 'SELECT name, at FROM group_requests WHERE conversation = ?';

function linkOf(row: Row): GroupLink {
  const [linkId, conversationId, createdBy, createdAt, expiresAt, usesLeft] = row as [
    ...[string, string, string, number, number, number | null],
  ];
  return { conversationId, linkId, createdBy, createdAt, expiresAt, usesLeft };
}

/** The link, also if it has expired. */
export function findLink(db: Database, linkId: string): GroupLink | null {
  const row = db.get(`${LINK} WHERE id = ?`, linkId);
  return row === undefined ? null : linkOf(row);
}

/** Those that have not expired by `at`, newest first. */
export function liveLinks(db: Database, conversationId: string, at: number): GroupLink[] {
  return db
    .all(`${LINK} WHERE conversation = ? AND ${LIVE}`, conversationId, at)
    .map(linkOf)
    .sort((a, b) => b.createdAt - a.createdAt || (a.linkId < b.linkId ? -1 : 1));
}

/** Also removes those of its group that expired long ago. */
export function putLink(db: Database, link: GroupLink, at: number): void {
  const { linkId, conversationId, createdBy, createdAt, expiresAt, usesLeft } = link;
  const values = [linkId, conversationId, createdBy, createdAt, expiresAt, usesLeft] as const;
  db.run(`DELETE FROM group_links WHERE conversation = ? AND NOT ${LIVE}`, conversationId, at - EXPIRED_LINK_KEPT_MS);
  db.run('INSERT OR REPLACE INTO group_links VALUES (?, ?, ?, ?, ?, ?)', ...values);
}

export function endLink(db: Database, linkId: string): void {
  db.run('DELETE FROM group_links WHERE id = ?', linkId);
}

export function findRequest(db: Database, conversationId: string, userId: string): JoinRequest | null {
  const row = db.get(`${REQUESTS} AND name = ?`, conversationId, userId);
  return row === undefined ? null : requestOf(conversationId, row);
}

/** Oldest first. */
export function requestsAfter(
  db: Database,
  conversationId: string,
  after: JoinRequest | null,
  limit: number,
): JoinRequest[] {
  return db
    .all(
      `${REQUESTS} AND (at, name) > (?, ?) ORDER BY at, name LIMIT ?`,
      conversationId,
      after?.at ?? -1,
      after?.userId ?? '',
      limit,
    )
    .map((row) => requestOf(conversationId, row));
}

export function removeRequests(db: Database, userId: string): void {
  db.run('DELETE FROM group_requests WHERE name = ?', userId);
}

function requestOf(conversationId: string, [userId, at]: Row): JoinRequest {
  return { conversationId, userId: userId as string, at: at as number };
}
