import { belongs, type ConversationId, directConversation, directPeer, type UserId } from '@chasqui/domain';

// What the page knows of direct conversations: lists, routes and timelines go by the conversation's id.

/** The conversation of two users. Errors: `recipient_invalid`: these two have none. */
export function conversationWith(me: UserId, peer: UserId): ConversationId {
  return directConversation(me, peer);
}

/** Whom the user talks to in a direct conversation; empty in any other. */
export function peerIn(conversationId: ConversationId, me: UserId): UserId {
  return directPeer(conversationId, me) ?? '';
}

/**
 * The user's conversation that a link names: by its id or, as links of releases up to 0.1 do, by the other user. Undefined:
 * it names none of the user's.
 */
export function linkedConversation(text: string, me: UserId): ConversationId | undefined {
  if (belongs(text, me)) return text;
  try {
    return conversationWith(me, text);
  } catch {
    return undefined;
  }
}
