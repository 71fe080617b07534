import { type ChatMessage, stateRank } from '../conversations/chat-message.ts';

/** Whether the log has the message, under its id: no leader can lose it. One that failed is this device's alone. */
export function isSettled({ provisional, state, messageId }: ChatMessage): boolean {
  return !provisional && messageId !== '' && state !== 'failed' && stateRank(state) >= stateRank('stored');
}
