import { type ConversationId, defined, type MessageId, maySee, type StoredMessage, type UserId } from '@chasqui/domain';
import type { MessageStore } from '@chasqui/ports';

/**
 * How many pages of the store are read for one page of the answer. A page with many messages that the user may not see
 * is shorter.
 */
const MAX_READS = 8;

export interface HistoryPage {
  messages: StoredMessage[];
  /** Where the next page starts; absent: this is the last one. */
  nextBefore?: MessageId;
}

/** A user's page of a conversation, newest first, without messages that the user may not see or has cleared. */
export async function readHistory(
  store: Pick<MessageStore, 'page'>,
  userId: UserId,
  {
    conversationId,
    before,
    clearedUpTo,
    limit,
  }: { conversationId: ConversationId; before?: MessageId; clearedUpTo: MessageId | ''; limit: number },
): Promise<HistoryPage> {
  const messages: StoredMessage[] = [];
  let place = before;
  for (let reads = 0; reads < MAX_READS; reads++) {
    const found = await store.page(conversationId, {
      ...defined({ before: place }),
      limit: limit + 1,
    });
    for (const message of found) {
      if (message.messageId <= clearedUpTo) return { messages };
      if (!maySee(message, userId)) continue;
      const last = messages.at(-1);
      if (messages.length === limit && last !== undefined) return { messages, nextBefore: last.messageId };
      messages.push(message);
    }
    place = found.at(-1)?.messageId;
    if (found.length <= limit || place === undefined) return { messages };
  }
  return { messages, ...defined({ nextBefore: place }) };
}
