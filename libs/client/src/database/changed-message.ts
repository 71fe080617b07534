import { type ChatMessage, laterState } from '../conversations/chat-message.ts';
import type { MessageChange } from '../storing/durable-store.ts';

/** A kept message after a change: its state only moves forward (C7). */
export function changedMessage(old: ChatMessage, { state = old.state, ...change }: MessageChange): ChatMessage {
  return { ...old, ...change, state: laterState(old.state, state) };
}
