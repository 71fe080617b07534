import { type ConversationId, directUsers, type StoredMessage, statusOfRank, type UserId } from '@chasqui/domain';
import type { Row } from '../wire/rows.ts';
import type { StatusColumns } from './status-columns.ts';

// Rows that releases up to 0.1 wrote: the receiver's rank is in a column that is named after the place of the receiver's id
// in the conversation's id, `0` or `1`, and its steps have no member. They are read and raised as they are.

/** Where such a row would keep the member's status; null: nowhere. */
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
