import {
  type ConversationId,
  directConversation,
  directPeer,
  directUsers,
  ImError,
  mustBelong,
  type UserId,
} from '@chasqui/domain';

// What this library knows of direct conversations: everything else goes by the conversation's id.

/**
 * Where a conversation is kept: under its id. Before the first login, a direct one is kept under the other user's id, as its
 * own is made of both users'.
 */
export type ConversationKey = string;

/** What names one conversation. */
export interface Named {
  /** Empty before the first login. */
  readonly conversationId: ConversationId | '';
  /** Whom the user talks to in a direct conversation; empty in any other. */
  readonly peer: UserId;
}

export function keyOf({ conversationId, peer }: Named): ConversationKey {
  return conversationId === '' ? peer : conversationId;
}

/** The conversation with one other user. Nobody has one with themselves: what was written so is kept, for the server to refuse. */
export function directWith(owner: UserId | '', peer: UserId): Named {
  return { conversationId: owner === '' || owner === peer ? '' : directConversation(owner, peer), peer };
}

/** The conversation that is kept under a key. */
export function namedBy(owner: UserId | '', key: ConversationKey): Named {
  if (directUsers(key) === null) return directWith(owner, key);
  return { conversationId: key, peer: peerIn(owner, key) };
}

/** The other user of a direct conversation of the owner's; empty: it is no direct one. Errors: those of `mustBelong`. */
export function peerIn(owner: UserId | '', conversationId: ConversationId): UserId {
  if (owner === '') throw new ImError('not_logged_in', 'the user is not known before the first login');
  mustBelong(conversationId, owner);
  return directPeer(conversationId, owner) ?? '';
}
