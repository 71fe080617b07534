import { ImError } from '../errors.ts';
import { type Audience, inboxOf } from './audience.ts';
import { type ConversationId, isStoredUserId, type UserId } from './conversation-id.ts';

// Only this file knows that a direct conversation has two users, and how its id is composed of their ids.

/** Separates the two user ids; no user id contains it. */
const SEPARATOR = '~';

/** The two users of a direct conversation, in the order of their ids in its id. */
export type DirectUsers = readonly [UserId, UserId];

/**
 * The conversation of two different users: their ids in code-unit order, joined by `~`. Errors: `recipient_invalid` if
 * they are the same or either is not a valid user id.
 */
export function directConversation(user: UserId, peer: UserId): ConversationId {
  if (user === peer || !isStoredUserId(user) || !isStoredUserId(peer))
    throw new ImError('recipient_invalid', 'to must be another user', { field: 'to' });
  return user < peer ? `${user}${SEPARATOR}${peer}` : `${peer}${SEPARATOR}${user}`;
}

/**
 * The users in recent ids: a message's conversation is looked at a dozen times on its way through a process. Each id has
 * one place here, where the newest one replaces the one before (C16).
 */
const RECENT = 1_024;
const recentIds = /* @__PURE__ */ Array.from({ length: RECENT }, (): ConversationId => '');
const recentUsers = /* @__PURE__ */ Array.from({ length: RECENT }, (): DirectUsers | null => null);
/** Two users and the separator. */
const SHORTEST = 3;

/** The two users, or null if the id is not of a direct conversation. */
export function directUsers(id: ConversationId): DirectUsers | null {
  const { length } = id;
  if (length < SHORTEST) return null;
  // The ends of the two user ids, which differ where users are numbered.
  const ends = id.charCodeAt(length - 1) + 10 * id.charCodeAt(length - 2) + 31 * id.charCodeAt((length >> 1) - 1);
  const place = (ends + 97 * length) % RECENT;
  if (recentIds[place] === id) return recentUsers[place] ?? null;
  const users = usersIn(id);
  if (users !== null) {
    recentIds[place] = id;
    recentUsers[place] = users;
  }
  return users;
}

/** The same, read from the id each time. */
export function usersIn(id: ConversationId): DirectUsers | null {
  const [first = '', second = '', more] = id.split(SEPARATOR, 3);
  const areUsers = more === undefined && isStoredUserId(first) && isStoredUserId(second);
  return areUsers && first < second ? [first, second] : null;
}

/** The other user of a direct conversation; null if the conversation is not direct or `user` is not in it. */
export function directPeer(id: ConversationId, user: UserId): UserId | null {
  const users = directUsers(id);
  if (users === null) return null;
  const [first, second] = users;
  return user === first ? second : user === second ? first : null;
}

/** The audience of a direct message: both inboxes, or only the sender's if the receiver silently blocks the sender. */
export function directAudience(from: UserId, to: UserId, isSilenced = false): Audience {
  return isSilenced ? [inboxOf(from)] : [inboxOf(from), inboxOf(to)];
}

/** What releases up to 0.1 stored with a message instead of its audience. */
export interface FormerAudience {
  from: UserId;
  to: UserId;
  silenced?: boolean;
}

export function formerAudience({ from, to, silenced = false }: FormerAudience): Audience {
  return directAudience(from, to, silenced);
}
