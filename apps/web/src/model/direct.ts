import { belongs, type ConversationId, directConversation, directPeer, isGroupId, type UserId } from '@chasqui/domain';

// Everything that the page knows of direct conversations: lists, routes and timelines use the conversation's id.

/** The conversation of two users. Errors: `recipient_invalid`: the two users cannot have one. */
export function conversationWith(me: UserId, peer: UserId): ConversationId {
  return directConversation(me, peer);
}

/** The other user of a direct conversation; empty in any other. */
export function peerIn(conversationId: ConversationId, me: UserId): UserId {
  return directPeer(conversationId, me) ?? '';
}

/**
 * The user's conversation that a link names: by its id or, in links of releases up to 0.1, by the other user.
 * Undefined: it is none of the user's conversations.
 */
export function linkedConversation(text: string, me: UserId): ConversationId | undefined {
  if (belongs(text, me)) return text;
  try {
    return conversationWith(me, text);
  } catch {
    return undefined;
  }
}

/** The group that a link names: the server says whether there is one, and who is in it. */
export function linkedGroup(text: string): ConversationId | undefined {
  return isGroupId(text) ? text : undefined;
}
