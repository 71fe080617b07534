import {
  type ConversationId,
  directConversation,
  groupLog,
  groupOf,
  ImError,
  isGroupId,
  type LogId,
  type UserId,
  usersIn,
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
  if (usersIn(key) === null) return directWith(owner, key);
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
  return isGroupId(conversationId) ? groupLog(conversationId) : (otherThan(owner, conversationId) ?? '');
}

/** The other user of a direct conversation; undefined: it is none of the owner's. */
function otherThan(owner: UserId, conversationId: ConversationId): UserId | undefined {
  const users = usersIn(conversationId);
  return users?.includes(owner) ? users.find((user) => user !== owner) : undefined;
}

/** The other user of one of the owner's direct conversations; empty: a group. Errors: `not_a_member` of any other. */
export function peerIn(owner: UserId | '', conversationId: ConversationId): UserId {
  if (isGroupId(conversationId)) return '';
  if (owner === '') throw new ImError('not_logged_in', 'no user is known before the first login');
  const peer = otherThan(owner, conversationId);
  if (peer !== undefined) return peer;
  throw new ImError('not_a_member', 'not a conversation of the user', { field: 'conversationId' });
}
