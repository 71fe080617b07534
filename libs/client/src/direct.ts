import {
  type ConversationId,
  directConversation,
  directPeer,
  directUsers,
  groupLog,
  groupOf,
  ImError,
  isGroupId,
  type LogId,
  mustBelong,
  type UserId,
} from '@chasqui/domain';

// Everything that this library knows of the ids of conversations.

/**
 * The key under which a conversation is kept: its id; of a group the name of its log, as a user may have the same id as a
 * group. Before the first login a direct one is kept under the other user's id, because its own id is made of both
 * users'.
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
  return conversationId === '' ? peer : keyOfId(conversationId);
}

export function keyOfId(conversationId: ConversationId): ConversationKey {
  return isGroupId(conversationId) ? groupLog(conversationId) : conversationId;
}

/**
 * The conversation with one other user. A user has none with themselves: such a message is kept, and the server refuses
 * it.
 */
export function directWith(owner: UserId | '', peer: UserId): Named {
  return { conversationId: owner === '' || owner === peer ? '' : directConversation(owner, peer), peer };
}

/** The conversation that is kept under a key; a user's id is a key of the one with that user. */
export function namedBy(owner: UserId | '', key: ConversationKey): Named {
  const group = groupOf(key);
  if (group !== null) return { conversationId: group, peer: '' };
  if (directUsers(key) === null) return directWith(owner, key);
  return { conversationId: key, peer: peerIn(owner, key) };
}

/**
 * Where a message goes: to a user, or to the log of a group. A conversation that is not the owner's is no address, and
 * is refused as such.
 */
export function addressOf(
  owner: UserId | '',
  { to, conversationId = '' }: { to?: UserId; conversationId?: ConversationId | '' },
): LogId {
  if (to !== undefined) return to;
  return isGroupId(conversationId) ? groupLog(conversationId) : (directPeer(conversationId, owner) ?? '');
}

/**
 * The other user of one of the owner's direct conversations; empty: a group. Errors: those of `mustBelong`.
 */
export function peerIn(owner: UserId | '', conversationId: ConversationId): UserId {
  if (isGroupId(conversationId)) return '';
  if (owner === '') throw new ImError('not_logged_in', 'the user is not known before the first login');
  mustBelong(conversationId, owner);
  return directPeer(conversationId, owner) ?? '';
}
