import { ImError } from '../errors.ts';
import type { Message } from '../message.ts';
import { inboxOf, ownersOf } from './audience.ts';
import type { ConversationId, UserId } from './conversation-id.ts';
import { directPeer, directUsers } from './direct-conversation.ts';

/** The users who take part in a conversation. Errors: `not_found` if the text is not a conversation id. */
export function participantsOf(id: ConversationId): readonly UserId[] {
  const users = directUsers(id);
  if (users === null) throw new ImError('not_found', 'not a conversation id', { field: 'conversationId' });
  return users;
}

export function belongs(id: ConversationId, userId: UserId): boolean {
  return directPeer(id, userId) !== null;
}

/** Errors: `not_found` if the text is not a conversation id, `not_a_member` if the user does not take part. */
export function mustBelong(id: ConversationId, userId: UserId): void {
  if (participantsOf(id).includes(userId)) return;
  throw new ImError('not_a_member', 'you are not a member of this conversation', { field: 'conversationId' });
}

/**
 * Whether the user may see the message by any means: true for its sender and for every reader of a log in its audience.
 */
export function maySee({ from, audience }: Pick<Message, 'from' | 'audience'>, userId: UserId): boolean {
  return from === userId || audience.includes(inboxOf(userId));
}

/** The users whose inboxes are in the audience, except the sender. */
export function receiversOf({ from, audience }: Pick<Message, 'from' | 'audience'>): UserId[] {
  return ownersOf(audience).filter((owner) => owner !== from);
}

/**
 * The users whose *unread*, *delivered* and *read* are reported to the sender of a message: everybody but the sender
 * whose inbox is in the audience. In a direct conversation, the other participant is an addressee even if the message
 * is never in their inbox.
 */
export function addresseesOf(message: Pick<Message, 'conversationId' | 'from' | 'audience'>): UserId[] {
  const peer = directPeer(message.conversationId, message.from);
  return peer === null ? receiversOf(message) : [peer];
}
