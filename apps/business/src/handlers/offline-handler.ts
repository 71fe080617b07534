import {
  addresseesOf,
  defined,
  type Message,
  type MessageStep,
  type OfflineEvent,
  PUSH_TOPIC,
  type PushTask,
} from '@chasqui/domain';
import { type BatchSpans, spanEach } from '@chasqui/kit';
import type { BatchFeed } from '../announce/batch-feed.ts';
import { mustAnnounce } from '../announce/must-announce.ts';
import { notReadYet } from '../announce/not-read-yet.ts';
import { receiptsOf, writeReceipts } from '../announce/receipt-writer.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import { cacheWaiting, type WaitingBody } from '../caches/waiting-bodies.ts';
import { pushedStep, traceStepsOf } from '../trace/trace-steps.ts';
import type { EventHandler } from './event-handler.ts';

/** A message, and one of its addressees who is offline or never gets it. */
export interface Unreached extends WaitingBody {
  message: Message;
  /** This batch stored the message, so nobody can have read it. */
  isNew: boolean;
  redelivered: boolean;
  /** Unix ms. */
  at: number;
  /** The node that noticed it. */
  node: string;
  retries: number;
  /** A socket took the message, but no device acked it. */
  pushed?: MessageStep | undefined;
  /** The parent span of all further work on the message. */
  trace?: string | undefined;
}

/**
 * Handles messages whose receiver is offline (design, section 3, step 5): status, search, offline cache, push task, and
 * the *unread* receipt. A message that was delivered in the meantime stays delivered and causes nothing.
 */
export class OfflineHandler implements EventHandler<'offline'> {
  readonly #context: BusinessContext;

  constructor(context: BusinessContext) {
    this.#context = context;
  }

  handle(received: readonly Received<OfflineEvent>[], feed: BatchFeed): Promise<void> {
    const traceparentOf = ({ event }: Received<OfflineEvent>) => event.trace;
    return spanEach(this.#context.tracing, 'offline', received, traceparentOf, (spans) =>
      this.#offline(received, feed, spans),
    );
  }

  async #offline(
    received: readonly Received<OfflineEvent>[],
    feed: BatchFeed,
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
      const { to, at, nodeId: node } = event;
      // A missing message was never queued, or had a second id that was removed; its first id is handled by its own
      // event.
      if (message == null || !addresseesOf(message).includes(to)) continue;
      unreached.push({
        message,
        stored: message,
        to,
        isNew: false,
        redelivered,
        retries,
        at,
        node,
        pushed: pushedStep(event, place),
        trace,
      });
    }
    await this.markUnread(unreached, feed);
  }

  async markUnread(all: readonly Unreached[], feed: BatchFeed): Promise<void> {
    const unreached = await this.#withoutRead(all);
    if (unreached.length === 0) return;
    const { messages, publisher, commits, clock, nodeId } = this.#context;
    const indexed: MessageStep = { state: 'indexed', at: clock.now(), node: nodeId };
    const results = await messages.raise(
      unreached.map(({ message: { conversationId, messageId }, to, at, node, retries, pushed }) => ({
        conversationId,
        messageId,
        member: to,
        status: 'unread',
        at,
        node,
        retries,
        before: traceStepsOf(commits, messageId, pushed, indexed),
      })),
    );
    const waiting = unreached.filter(({ redelivered }, index) => mustAnnounce(results[index], redelivered));
    if (waiting.length === 0) return;
    feed.search.add(
      waiting.map(({ message: { conversationId, messageId }, trace }) => {
        return { conversationId, messageId, status: 'unread' as const, trace };
      }),
    );
    const told = waiting.map(({ message: { from, conversationId, messageId }, to: by, at }) => {
      return { from, by, conversationId, messageId, at };
    });
    await Promise.all([
      cacheWaiting(this.#context, waiting),
      ...waiting.map((one) => publisher.publish(PUSH_TOPIC, one.to, pushTask(one))),
      writeReceipts(this.#context, receiptsOf('unread', told)),
    ]);
  }

  /**
   * Messages that were read, for example on another device, were received, even if their status does not say so yet.
   */
  async #withoutRead(unreached: readonly Unreached[]): Promise<readonly Unreached[]> {
    const mayBeRead = unreached.filter(({ isNew }) => !isNew);
    if (mayBeRead.length === 0) return unreached;
    const asked = mayBeRead.map((one) => {
      const { conversationId, messageId } = one.message;
      return { one, conversationId, messageId, member: one.to };
    });
    const notRead = await notReadYet(this.#context, asked);
    return [...unreached.filter(({ isNew }) => isNew), ...notRead.map(({ one }) => one)];
  }
}

function pushTask({ message: { messageId, conversationId, from }, to, at, trace }: Unreached): PushTask {
  return { messageId, conversationId, from, to, at, ...defined({ trace }) };
}
