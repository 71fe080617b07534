import {
  type ConversationId,
  directConversation,
  directPeer,
  directUsers,
  ImError,
  mustBelong,
  type UserId,
} from '@chasqui/domain';

// Everything that this library knows of direct conversations; all other parts use the conversation's id.

/**
 * The key under which a conversation is kept: its id. Before the first login a direct one is kept under the other
 * user's id, because its own id is made of both users'.
 */
export type ConversationKey = string;

/** The names of one conversation. */
export interface Named {
  /** Empty before the first login. */
  readonly conversationId: ConversationId | '';
  /** The other user of a direct conversation; empty in any other. */
  readonly peer: UserId;
}

export function keyOf({ conversationId, peer }: Named): ConversationKey {
  return conversationId === '' ? peer : conversationId;
}

/**
 * The conversation with one other user. A user has none with themselves: such a message is kept, and the server refuses
 * it.
 */
export function directWith(owner: UserId | '', peer: UserId): Named {
  return { conversationId: owner === '' || owner === peer ? '' : directConversation(owner, peer), peer };
}

/** The conversation that is kept under a key. */
export function namedBy(owner: UserId | '', key: ConversationKey): Named {
  if (directUsers(key) === null) return directWith(owner, key);
  return { conversationId: key, peer: peerIn(owner, key) };
}

/**
 * The other user of one of the owner's direct conversations; empty: not a direct one. Errors: those of `mustBelong`.
 */
export function peerIn(owner: UserId | '', conversationId: ConversationId): UserId {
  if (owner === '') throw new ImError('not_logged_in', 'the user is not known before the first login');
  mustBelong(conversationId, owner);
  return directPeer(conversationId, owner) ?? '';
}
