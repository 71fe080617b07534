import type { StoredMessage } from '@chasqui/domain';
import { type InboxReceipt, type Message, type OfflineEvent, PUSH_TOPIC, type PushTask } from '@chasqui/domain';
import type { BusinessContext, Received } from '../business-context.ts';
import type { EventHandler } from '../c2c-message-consumer.ts';
import { isToBeTold } from '../raised.ts';
import { type ReceiptFor, writeReceipts } from '../receipt-writer.ts';
import type { SearchFeed } from '../search-feed.ts';

/** A message whose receiver is nowhere. */
export interface Unreached {
  message: Message;
  redelivered: boolean;
  /** Unix ms. */
  at: number;
  /** Who found out. */
  node: string;
}

/**
 * What waits for someone offline (design, section 3, step 5): status, search, offline cache, push task and the *unread*
 * receipt. A message that was delivered meanwhile stays delivered and causes nothing.
 */
export class C2COfflineMessageHandler implements EventHandler<'offline'> {
  readonly #context: BusinessContext;

  constructor(context: BusinessContext) {
    this.#context = context;
  }

  async handle(received: readonly Received<OfflineEvent>[], feed: SearchFeed): Promise<void> {
    const wanted = received.flatMap(({ event, redelivered }) =>
      event.messageIds.map((messageId) => ({ event, redelivered, messageId })),
    );
    const found = await this.#context.messages.get(
      wanted.map(({ event: { conversationId }, messageId }) => ({ conversationId, messageId })),
    );
    const unreached: Unreached[] = [];
    for (const [index, { event, redelivered }] of wanted.entries()) {
      const message = found[index];
      // Absent: never queued, or a second id that vanished; its first id is looked after by itself.
      if (message == null || message.to !== event.to) continue;
      unreached.push({ message, redelivered, at: event.at, node: event.nodeId });
    }
    await this.markUnread(unreached, feed);
  }

  async markUnread(unreached: readonly Unreached[], feed: SearchFeed): Promise<void> {
    if (unreached.length === 0) return;
    const { messages, publisher } = this.#context;
    const results = await messages.raise(
      unreached.map(({ message: { conversationId, messageId, to }, at, node }) => ({
        conversationId,
        messageId,
        to,
        status: 'unread',
        at,
        node,
      })),
    );
    const waiting = unreached.filter(({ redelivered }, index) => isToBeTold(results[index], redelivered));
    if (waiting.length === 0) return;
    feed.add(waiting.map(({ message }) => message));
    await Promise.all([
      this.#cache(waiting),
      ...waiting.map(({ message, at }) => publisher.publish(PUSH_TOPIC, message.to, pushTask(message, at))),
      writeReceipts(this.#context, receipts(waiting)),
    ]);
  }

  async #cache(waiting: readonly Unreached[]): Promise<void> {
    const { offlineCache, messages, logger } = this.#context;
    try {
      const stored = await messages.get(waiting.map(({ message }) => message));
      const byReceiver = new Map<string, StoredMessage[]>();
      for (const message of stored) {
        if (message === null) continue;
        const list = byReceiver.get(message.to);
        if (list === undefined) byReceiver.set(message.to, [message]);
        else list.push(message);
      }
      await Promise.all([...byReceiver].map(([userId, list]) => offlineCache.add(userId, list)));
    } catch (error) {
      logger.debug({ err: error }, 'the offline cache is away: syncs read the message store');
    }
  }
}

function pushTask({ messageId, conversationId, from, to }: Message, at: number): PushTask {
  return { messageId, conversationId, from, to, at };
}

/** One receipt for each conversation's sender, with all of the sender's messages. */
function receipts(waiting: readonly Unreached[]): ReceiptFor[] {
  const byConversation = new Map<string, ReceiptFor & { receipt: InboxReceipt & { messageIds: string[] } }>();
  for (const { message, at } of waiting) {
    const { from, to, conversationId, messageId } = message;
    const key = `${conversationId} ${from}`;
    const known = byConversation.get(key);
    if (known !== undefined) known.receipt.messageIds.push(messageId);
    else {
      byConversation.set(key, {
        userId: from,
        receipt: { type: 'receipt', conversationId, state: 'unread', messageIds: [messageId], by: to, at },
      });
    }
  }
  return [...byConversation.values()];
}
