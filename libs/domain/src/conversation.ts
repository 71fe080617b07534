import { ImError } from './errors.ts';

declare const brand: unique symbol;
/** A host application's user id: 1–64 of `A–Z a–z 0–9 . _ @ + : | -`. */
export type UserId = string & { readonly [brand]?: 'UserId' };
/** One id for both ends of a pair: the two user ids in code-unit order, joined by `~`, which no user id contains. */
export type ConversationId = string & { readonly [brand]?: 'ConversationId' };

/** Also `.` and `..`, which earlier releases took: what is there of them stays readable. Who may come in: `isUserId`. */
export const STORED_USER_ID_PATTERN = '^[A-Za-z0-9._@+:|-]{1,64}$';
export const CONVERSATION_ID_PATTERN = '^[A-Za-z0-9._@+:|-]{1,64}~[A-Za-z0-9._@+:|-]{1,64}$';
const userId = new RegExp(STORED_USER_ID_PATTERN);

export function isStoredUserId(text: string): text is UserId {
  return userId.test(text);
}

/** The conversation of two different users. Errors: `recipient_invalid` when they are the same or either is no user id. */
export function conversationOf(a: UserId, b: UserId): ConversationId {
  if (a === b) throw new ImError('recipient_invalid', 'a conversation needs two different users', { field: 'to' });
  if (!isStoredUserId(a) || !isStoredUserId(b)) {
    throw new ImError('recipient_invalid', `a user id must match ${STORED_USER_ID_PATTERN}`, { field: 'to' });
  }
  return a < b ? `${a}~${b}` : `${b}~${a}`;
}

/** The two users of a conversation, in the id's order. Errors: `not_found` when the text is no conversation id. */
export function membersOf(id: ConversationId): [UserId, UserId] {
  const [a, b, rest] = id.split('~');
  if (a === undefined || b === undefined || rest !== undefined || !isStoredUserId(a) || !isStoredUserId(b) || a >= b) {
    throw new ImError('not_found', 'not a conversation id', { field: 'conversationId' });
  }
  return [a, b];
}

/** The other user of `user`'s conversation. Errors: `not_a_member` when `user` is not one of the two. */
export function peerOf(id: ConversationId, user: UserId): UserId {
  const [a, b] = membersOf(id);
  if (user === a) return b;
  if (user === b) return a;
  throw new ImError('not_a_member', 'you are not a member of this conversation', { field: 'conversationId' });
}
