import type { ChatMessage, ShownReactions } from '@chasqui/client';
import { useSyncExternalStore } from 'react';
import type { Chat } from '../live/chat.ts';

/** The reactions to a message; undefined: nobody has reacted to it. */
export function useReactions({ reactions }: Chat, message: ChatMessage): ShownReactions | undefined {
  return useSyncExternalStore(reactions.subscribe, () => reactions.of(message));
}
