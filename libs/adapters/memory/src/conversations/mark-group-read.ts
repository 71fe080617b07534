import { inboxOf, isCurrent } from '@chasqui/domain';
import type { ConversationStore, MarkReadResult } from '@chasqui/ports';
import type { KeptConversations } from './kept-conversations.ts';
import { unreadState } from './record-message.ts';

/** Moves a current member's mark, at most to the group's last message. */
export function markGroupRead(
  state: KeptConversations,
  { userId, conversationId, ...mark }: Parameters<ConversationStore['markRead']>[0],
  now: number,
): MarkReadResult {
  const kept = state.groups.groups.get(conversationId);
  const member = kept?.members.get(userId);
  const last = kept?.group.lastMessageId ?? '';
  let { upTo } = mark;
  if (upTo > last) upTo = last;
  const from = member?.read.upTo ?? '';
  if (member === undefined || !isCurrent(member.member) || upTo <= from) {
    const unread = unreadState(state, userId, conversationId);
    return { changed: false, from, upTo, unread, position: unread.position };
  }
  kept?.mark(member, { ...mark, upTo });
  const update = { type: 'read', conversationId, upTo, at: mark.at } as const;
  const position = state.log(inboxOf(userId)).append(update, now);
  return { changed: true, from, upTo, unread: unreadState(state, userId, conversationId), position };
}
