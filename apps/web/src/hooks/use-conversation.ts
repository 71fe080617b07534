import type { ConversationId } from '@chasqui/domain';
import { texts } from '../i18n/index.ts';
import { type Conversation, nameOf, unknownConversation } from '../model/conversation-list.ts';
import { peerIn } from '../model/direct.ts';
import { useStore } from '../store.ts';
import { useMessenger } from './use-messenger.ts';

/** A conversation's row; one without messages where the list does not have it. */
export function useConversation(conversationId: ConversationId): Conversation {
  const { conversations, me } = useMessenger();
  const row = useStore(conversations).byId.get(conversationId);
  return row ?? unknownConversation(conversationId, peerIn(conversationId, me));
}

/** The other user, or the group's name. */
export function useConversationName(conversationId: ConversationId): string {
  return nameOf(useConversation(conversationId)) || texts.groups.group;
}
