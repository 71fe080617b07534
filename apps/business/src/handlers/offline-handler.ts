import {
  addresseesOf,
  defined,
  type Message,
  type MessageStep,
  maySee,
  type OfflineEvent,
  PUSH_TOPIC,
  type PushTask,
  type UserId,
} from '@chasqui/domain';
import { type BatchSpans, spanEach } from '@chasqui/kit';
import type { BatchFeed } from '../announce/batch-feed.ts';
import { mustAnnounce } from '../announce/must-announce.ts';
import { notReadYet } from '../announce/not-read-yet.ts';
import { receiptsOf, writeReceipts } from '../announce/receipt-writer.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import { pushedStep, traceStepsOf } from '../trace/trace-steps.ts';
import type { EventHandler } from './event-handler.ts';

/** A message, and one of its addressees who is offline or never gets it. */
export interface Unreached {
  message: Message;
  to: UserId;
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
    feed.search.add(waiting.map(({ message, trace }) => ({ ...message, status: 'unread', trace })));
    const told = waiting.map(({ message, to, at }) => ({ ...message, by: to, at }));
    await Promise.all([
      this.#cache(waiting),
      ...waiting.map((one) => publisher.publish(PUSH_TOPIC, one.to, pushTask(one))),
      writeReceipts(this.#context, receiptsOf('unread', told)),
    ]);
  }

  /**
   * Messages that were read, for example on another device, were received, even if their status does not say so yet.
   */
  async #withoutRead(unreached: readonly Unreached[]): Promise<Unreached[]> {
    const asked = unreached.map((one) => ({ ...one, ...one.message, member: one.to }));
    const { yes: cannotBe = [], no: mayBeRead = [] } = Object.groupBy(asked, ({ isNew }) => (isNew ? 'yes' : 'no'));
    return [...cannotBe, ...(await notReadYet(this.#context, mayBeRead))];
  }

  async #cache(waiting: readonly Unreached[]): Promise<void> {
    const { offlineCache, messages, logger } = this.#context;
    try {
      const theirs = waiting.filter(({ message, to }) => maySee(message, to));
      const stored = await messages.get(theirs.map(({ message }) => message));
      const kept = theirs.flatMap(({ to }, index) => {
        const message = stored[index];
        return message == null ? [] : [{ to, message }];
      });
      const adds = [...Map.groupBy(kept, ({ to }) => to)].map(([userId, own]) =>
        offlineCache.add(
          userId,
          own.map(({ message }) => message),
        ),
      );
      await Promise.all(adds);
    } catch (error) {
      logger.debug({ err: error }, 'the offline cache is unavailable: syncs read the message store');
    }
  }
}

function pushTask({ message: { messageId, conversationId, from }, to, at, trace }: Unreached): PushTask {
  return { messageId, conversationId, from, to, at, ...defined({ trace }) };
}
