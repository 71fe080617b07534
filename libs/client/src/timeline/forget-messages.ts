import { type ChatMessage, stateRank } from '../conversations/chat-message.ts';
import type { ConversationKey } from '../conversations/direct.ts';
import type { Timeline } from './timeline.ts';

/** Forgets the messages of a conversation that are stored, or those that are meant: what follows does not join on to them. */
export function forgetMessages(
  timeline: Timeline,
  key: ConversationKey,
  isMeant = ({ state }: ChatMessage) => stateRank(state) >= stateRank('stored'),
): void {
  const view = timeline.peek(key);
  for (const message of view?.messages ?? []) {
    if (view !== undefined && isMeant(message)) timeline.remove(view, message.sortKey);
  }
}
