import { ImError } from '../errors.ts';
import type { Message } from '../message.ts';
import { inboxOf } from './audience.ts';
import type { ConversationId, UserId } from './conversation-id.ts';
import { directPeer, directUsers } from './direct-conversation.ts';

/** The users who take part in a conversation. Errors: `not_found` when the text is no conversation id. */
export function participantsOf(id: ConversationId): readonly UserId[] {
  const users = directUsers(id);
  if (users === null) throw new ImError('not_found', 'not a conversation id', { field: 'conversationId' });
  return users;
}

export function belongs(id: ConversationId, userId: UserId): boolean {
  return directPeer(id, userId) !== null;
}

/** Errors: `not_found` when the text is no conversation id, `not_a_member` when the user does not take part. */
export function mustBelong(id: ConversationId, userId: UserId): void {
  if (participantsOf(id).includes(userId)) return;
  throw new ImError('not_a_member', 'you are not a member of this conversation', { field: 'conversationId' });
}

/** Whether the user may see the message on any path: its sender may, and whoever reads a log that it is in. */
export function maySee({ from, audience }: Pick<Message, 'from' | 'audience'>, userId: UserId): boolean {
  return from === userId || audience.includes(inboxOf(userId));
}

/**
 * Whose *unread*, *delivered* and *read* the sender of a message is told of: the other participants of a direct conversation,
 * also one that the message never comes to. Empty where the id is of no conversation.
 */
export function addresseesOf({ conversationId, from }: Pick<Message, 'conversationId' | 'from'>): UserId[] {
  const peer = directPeer(conversationId, from);
  return peer === null ? [] : [peer];
}
