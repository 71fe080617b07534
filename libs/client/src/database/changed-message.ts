import { type ChatMessage, laterState } from '../conversations/chat-message.ts';
import { joinedReactions } from '../conversations/shown-reactions.ts';
import type { MessageChange } from '../storing/durable-store.ts';

/**
 * A kept message after a change: its state only moves forward (C7), no edit replaces a later one or a recall, and what is
 * known of its reactions is joined. A recalled message has none.
 */
export function changedMessage(
  { reactions: known, ...old }: ChatMessage,
  { state = old.state, reactions: news, ...change }: MessageChange,
): ChatMessage {
  const { recalledAt, revision = 0 } = change;
  const isOlder = recalledAt === undefined && (old.recalledAt !== undefined || revision < (old.revision ?? 0));
  const message = { ...old, ...(isOlder ? {} : change), state: laterState(old.state, state) };
  const reactions = news === undefined ? known : joinedReactions(known, news);
  return message.recalledAt !== undefined || reactions === undefined ? message : { ...message, reactions };
}
