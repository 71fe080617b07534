declare const brand: unique symbol;
/** A host application's user id: 1–64 of `A–Z a–z 0–9 . _ @ + : | -`. */
export type UserId = string & { readonly [brand]?: 'UserId' };
/**
 * Names a conversation. Only direct-conversation.ts knows how the id of a direct conversation is composed; it contains
 * a `~`, which no group's id does.
 */
export type ConversationId = string & { readonly [brand]?: 'ConversationId' };

/**
 * Also matches `.` and `..`, which earlier releases accepted, so that stored data stays readable. For new input use
 * `isUserId`.
 */
export const STORED_USER_ID_PATTERN = '^[A-Za-z0-9._@+:|-]{1,64}$';
/** The id of a group: chosen by its creator or made by the server. */
export const GROUP_ID_PATTERN = '^[A-Za-z0-9._:-]{1,64}$';
/** Of either kind. */
export const CONVERSATION_ID_PATTERN = '^([A-Za-z0-9._@+:|-]{1,64}~[A-Za-z0-9._@+:|-]{1,64}|[A-Za-z0-9._:-]{1,64})$';
const userId = new RegExp(STORED_USER_ID_PATTERN);
const groupId = new RegExp(GROUP_ID_PATTERN);

export function isStoredUserId(text: string): text is UserId {
  return userId.test(text);
}

/** Whether the text is the id of a group: whether there is such a group is not said. */
export function isGroupId(text: string): text is ConversationId {
  return groupId.test(text);
}
