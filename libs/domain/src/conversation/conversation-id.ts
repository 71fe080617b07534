declare const brand: unique symbol;
/** A host application's user id: 1–64 of `A–Z a–z 0–9 . _ @ + : | -`. */
export type UserId = string & { readonly [brand]?: 'UserId' };
/** Names a conversation. Only direct-conversation.ts knows how the id of a direct conversation is composed. */
export type ConversationId = string & { readonly [brand]?: 'ConversationId' };

/**
 * Also matches `.` and `..`, which earlier releases accepted, so that stored data stays readable. For new input use
 * `isUserId`.
 */
export const STORED_USER_ID_PATTERN = '^[A-Za-z0-9._@+:|-]{1,64}$';
export const CONVERSATION_ID_PATTERN = '^[A-Za-z0-9._@+:|-]{1,64}~[A-Za-z0-9._@+:|-]{1,64}$';
const userId = new RegExp(STORED_USER_ID_PATTERN);

export function isStoredUserId(text: string): text is UserId {
  return userId.test(text);
}
