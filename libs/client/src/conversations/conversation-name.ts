import type { ConversationId, UserId } from '@chasqui/domain';

/**
 * Names a conversation. A direct one: its id, or the other user's. Any: an object with its id, such as a message, an event
 * or a view. As a mere text, the id of a group would name a user.
 */
export type ConversationName = string | { readonly conversationId: ConversationId | ''; readonly peer?: UserId };
