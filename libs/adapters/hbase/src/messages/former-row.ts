import { type ConversationId, directUsers, type StoredMessage, statusOfRank, type UserId } from '@chasqui/domain';
import type { Row } from '../wire/rows.ts';
import type { StatusColumns } from './status-columns.ts';

// Rows of releases up to 0.1: the receiver's rank is in a column named `0` or `1`, the position of the receiver's id in
// the conversation's id, and their steps name no member. They are read and raised in this form.

/** The columns of the member's status in such a row; null: the member has none. */
export function formerColumns(conversationId: ConversationId, member: UserId): StatusColumns | null {
  const place = directUsers(conversationId)?.indexOf(member) ?? -1;
  return place === -1 ? null : { rank: String(place), step: (rank) => `s${rank}` };
}

export function formerStatuses({ cells }: Row, conversationId: ConversationId): StoredMessage['statuses'] {
  const statuses: { [member: UserId]: StoredMessage['statuses'][string] } = {};
  for (const member of directUsers(conversationId) ?? []) {
    const columns = formerColumns(conversationId, member);
    const rank = columns === null ? 0 : (cells.get(columns.rank)?.[0] ?? 0);
    if (rank > 0) statuses[member] = statusOfRank(rank);
  }
  return statuses;
}
