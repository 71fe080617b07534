import {
  defined,
  type InboxReceipt,
  type Message,
  type MessageStep,
  type OfflineEvent,
  PUSH_TOPIC,
  type PushTask,
  type StoredMessage,
} from '@chasqui/domain';
import { type BatchSpans, spanEach } from '@chasqui/kit';
import { mustAnnounce } from '../announce/must-announce.ts';
import { type ReceiptFor, writeReceipts } from '../announce/receipt-writer.ts';
import type { SearchFeed } from '../announce/search-feed.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import { pushedStep, traceStepsOf } from '../trace/trace-steps.ts';
import type { EventHandler } from './event-handler.ts';

/** A message whose receiver is nowhere. */
export interface Unreached {
  message: Message;
  redelivered: boolean;
  /** Unix ms. */
  at: number;
  /** Who found out. */
  node: string;
  retries: number;
  /** A socket took it, in vain. */
  pushed?: MessageStep | undefined;
  /** What comes of it belongs to this span. */
  trace?: string | undefined;
}

/**
 * What waits for someone offline (design, section 3, step 5): status, search, offline cache, push task and the *unread*
 * receipt. A message that was delivered meanwhile stays delivered and causes nothing.
 */
export class OfflineHandler implements EventHandler<'offline'> {
  readonly #context: BusinessContext;

  constructor(context: BusinessContext) {
    this.#context = context;
  }

  handle(received: readonly Received<OfflineEvent>[], feed: SearchFeed): Promise<void> {
    const traceparentOf = ({ event }: Received<OfflineEvent>) => event.trace;
    return spanEach(this.#context.tracing, 'offline', received, traceparentOf, (spans) =>
      this.#offline(received, feed, spans),
    );
  }

  async #offline(
    received: readonly Received<OfflineEvent>[],
    feed: SearchFeed,
    spans: BatchSpans | null,
  ): Promise<void> {
    const wanted = received.flatMap(({ event, redelivered, retries }, index) =>
      event.messageIds.map((messageId, place) => ({
        event,
        redelivered,
        retries,
        messageId,
        place,
        trace: spans?.traceparent(index) ?? event.trace,
      })),
    );
    const found = await this.#context.messages.get(
      wanted.map(({ event: { conversationId }, messageId }) => ({ conversationId, messageId })),
    );
    const unreached: Unreached[] = [];
    for (const [index, { event, redelivered, retries, place, trace }] of wanted.entries()) {
      const message = found[index];
      // Absent: never queued, or a second id that vanished; its first id is looked after by itself.
      if (message == null || message.to !== event.to) continue;
      const pushed = pushedStep(event, place);
      unreached.push({ message, redelivered, retries, at: event.at, node: event.nodeId, pushed, trace });
    }
    await this.markUnread(unreached, feed);
  }

  async markUnread(unreached: readonly Unreached[], feed: SearchFeed): Promise<void> {
    if (unreached.length === 0) return;
    const { messages, publisher, commits, clock, nodeId } = this.#context;
    const indexed: MessageStep = { state: 'indexed', at: clock.now(), node: nodeId };
    const results = await messages.raise(
      unreached.map(({ message: { conversationId, messageId, to }, at, node, retries, pushed }) => ({
        conversationId,
        messageId,
        to,
        status: 'unread',
        at,
        node,
        retries,
        before: traceStepsOf(commits, messageId, pushed, indexed),
      })),
    );
    const waiting = unreached.filter(({ redelivered }, index) => mustAnnounce(results[index], redelivered));
    if (waiting.length === 0) return;
    feed.add(waiting.map(({ message, trace }) => ({ ...message, status: 'unread', trace })));
    await Promise.all([
      this.#cache(waiting),
      ...waiting.map((one) => publisher.publish(PUSH_TOPIC, one.message.to, pushTask(one))),
      writeReceipts(this.#context, receipts(waiting)),
    ]);
  }

  async #cache(waiting: readonly Unreached[]): Promise<void> {
    const { offlineCache, messages, logger } = this.#context;
    try {
      const theirs = waiting.filter(({ message }) => !message.silenced);
      const stored = await messages.get(theirs.map(({ message }) => message));
      const byReceiver = new Map<string, StoredMessage[]>();
      for (const message of stored) {
        if (message === null) continue;
        const list = byReceiver.get(message.to);
        if (list === undefined) byReceiver.set(message.to, [message]);
        else list.push(message);
      }
      await Promise.all([...byReceiver].map(([userId, list]) => offlineCache.add(userId, list)));
    } catch (error) {
      logger.debug({ err: error }, 'the offline cache is unavailable: syncs read the message store');
    }
  }
}

function pushTask({ message: { messageId, conversationId, from, to }, at, trace }: Unreached): PushTask {
  return { messageId, conversationId, from, to, at, ...defined({ trace }) };
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
