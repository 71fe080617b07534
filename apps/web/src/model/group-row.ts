import type { GroupHead } from '@chasqui/client';
import { type Conversation, unknownConversation } from './conversation-list.ts';

/** The row of a group. The client library keeps the counts of a head exact. */
export function groupRow(head: GroupHead): Conversation {
  const { conversationId, lastMessageId: sortKey, lastFrom: from, preview, unread, readUpTo = '', updatedAt } = head;
  return {
    ...unknownConversation(conversationId, ''),
    group: head,
    counted: unread,
    readUpTo,
    updatedAt,
    ...(sortKey === undefined || from === undefined ? {} : { last: { sortKey, from, preview, recalled: false } }),
  };
}
