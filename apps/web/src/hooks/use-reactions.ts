import type { ChatMessage, ShownReactions } from '@chasqui/client';
import { useSyncExternalStore } from 'react';
import type { Chat } from '../live/chat.ts';
import { useConversation } from './use-conversation.ts';

/** The reactions to a message; undefined: nobody has reacted to it, or the user has left the group. */
export function useReactions({ reactions, conversationId }: Chat, message: ChatMessage): ShownReactions | undefined {
  const { group } = useConversation(conversationId);
  const shown = useSyncExternalStore(reactions.subscribe, () => reactions.of(message));
  return group !== undefined && group.role === undefined ? undefined : shown;
}
