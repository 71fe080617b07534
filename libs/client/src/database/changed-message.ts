import { type ChatMessage, laterState } from '../conversations/chat-message.ts';
import type { MessageChange } from '../storing/durable-store.ts';

/** A kept message after a change: its state only moves forward (C7), and no edit replaces a later one or a recall. */
export function changedMessage(old: ChatMessage, { state = old.state, ...change }: MessageChange): ChatMessage {
  const { recalledAt, revision = 0 } = change;
  const isOlder = recalledAt === undefined && (old.recalledAt !== undefined || revision < (old.revision ?? 0));
  return { ...old, ...(isOlder ? {} : change), state: laterState(old.state, state) };
}
