import { deliveredEvent, readEvent } from '@chasqui/core';
import {
  CONVERSATION_TOPIC,
  isGroupId,
  type MessageId,
  maySee,
  participantsOf,
  type ReceiptEvent,
  timeOf,
  type UserId,
} from '@chasqui/domain';
import { inParallel } from '@chasqui/kit';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import type { BatchFeed } from '../announce/batch-feed.ts';
import { mustAnnounce } from '../announce/must-announce.ts';
import { notReadYet } from '../announce/not-read-yet.ts';
import { appendReceipts, pushReceipts, type ReceiptFor, writeReceipts } from '../announce/receipt-writer.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import { pushedStep, traceStepsOf } from '../trace/trace-steps.ts';
import type { EventHandler } from './event-handler.ts';
import { GroupReadHandler } from './group-read-handler.ts';

/**
 * A receipt may overtake its message. It is put back up to this many times, then dropped: at first behind the events
 * that its shard has by then, where the message usually is; then after 0.5 s, doubling.
 */
const MAX_TRIES = 7;
const SECOND_DELAY_MS = 500;
/** How many pairs of user and conversation have their *read* receipts handled in parallel. */
const AT_ONCE = 16;
/** How many receipts of one pair are checked with one read. */
const LOOK_AT = 20;

/** A receipt, and those of its messages that are not stored yet. */
interface EarlyReceipt {
  event: ReceiptEvent;
  messageIds: MessageId[];
}

/** Handles *delivered* and *read* receipts of devices and users (design, section 3, step 6). */
export class ReceiptHandler implements EventHandler<'receipt'> {
  readonly #context: BusinessContext;
  readonly #inGroups: GroupReadHandler;

  constructor(context: BusinessContext) {
    this.#context = context;
    this.#inGroups = new GroupReadHandler(context);
  }

  async handle(received: readonly Received<ReceiptEvent>[], feed: BatchFeed): Promise<void> {
    const {
      delivered = [],
      read = [],
      inGroup = [],
    } = Object.groupBy(received, ({ event }) => (isGroupId(event.conversationId) ? 'inGroup' : event.state));
    await this.#delivered(delivered, feed);
    await Promise.all([this.#read(read, feed), this.#inGroups.handle(inGroup, feed)]);
  }

  async #delivered(received: readonly Received<ReceiptEvent>[], feed: BatchFeed): Promise<void> {
    if (received.length === 0) return;
    const { messages } = this.#context;
    const changes = received.flatMap((one) => this.#changes(one));
    // If the status certainly rises, the inbox is written in parallel with it. If another process has already announced
    // the receipt, the inbox has it twice, as after a redelivery; receivers merge forward only.
    const certain = new Set(received.filter((one) => this.#isFirst(one)));
    const [results, written] = await Promise.all([
      messages.raise(changes),
      appendReceipts(
        this.#context,
        [...certain].flatMap(({ event }) => deliveredReceipts(event, event.messageIds)),
      ),
    ]);
    const told: typeof changes = [];
    const uncertain: ((typeof changes)[number] & { event: ReceiptEvent })[] = [];
    const early: EarlyReceipt[] = [];
    let next = 0;
    for (const one of received) {
      const { event, redelivered } = one;
      const own = event.messageIds.map((messageId) => ({ messageId, index: next++ }));
      for (const { index } of own) {
        if (!mustAnnounce(results[index], redelivered)) continue;
        const change = changes[index] as (typeof changes)[number];
        told.push(change);
        if (!certain.has(one)) uncertain.push({ ...change, event });
      }
      const missing = own.filter(({ index }) => results[index] === 'missing').map(({ messageId }) => messageId);
      if (missing.length > 0) early.push({ event, messageIds: missing });
    }
    await this.#putBack(early);
    feed.search.add(told);
    feed.events.add('receipt.delivered', () => told.map((change) => deliveredEvent({ ...change, by: change.member })));
    // A device that was away may ack messages that were read on another device.
    const unread = Map.groupBy(await notReadYet(this.#context, uncertain), ({ event }) => event);
    const receipts = [...unread].flatMap(([event, own]) =>
      deliveredReceipts(
        event,
        own.map(({ messageId }) => messageId),
      ),
    );
    await Promise.all([pushReceipts(this.#context, written), writeReceipts(this.#context, receipts)]);
  }

  #changes({ event, retries }: Received<ReceiptEvent>) {
    const { conversationId, by, at, nodeId, tries = 0 } = event;
    return event.messageIds.map((messageId, index) => ({
      conversationId,
      messageId,
      member: by,
      status: 'delivered' as const,
      at,
      node: nodeId,
      retries: retries + tries,
      before: traceStepsOf(this.#context.commits, messageId, pushedStep(event, index)),
    }));
  }

  /** Whether this process committed all of the receipt's messages, and none has been reported delivered yet. */
  #isFirst({ event, redelivered }: Received<ReceiptEvent>): boolean {
    const firsts = event.messageIds.filter((messageId) => this.#context.commits.firstDelivered(messageId));
    return !redelivered && firsts.length === event.messageIds.length;
  }

  /**
   * Handles each user's *read* receipts in a conversation in order, and different pairs of user and conversation in
   * parallel.
   */
  async #read(received: readonly Received<ReceiptEvent>[], feed: BatchFeed): Promise<void> {
    const byReader = Map.groupBy(received, ({ event }) => `${event.by} ${event.conversationId}`);
    await inParallel(byReader.values(), AT_ONCE, async (own) => {
      for (let start = 0; start < own.length; start += LOOK_AT)
        await this.#readByOne(own.slice(start, start + LOOK_AT), feed);
    });
  }

  /**
   * Handles receipts of one user in one conversation. One read says which of their messages exist and are visible to
   * the reader.
   */
  async #readByOne(received: readonly Received<ReceiptEvent>[], feed: BatchFeed): Promise<void> {
    const [first] = received;
    if (first === undefined) return;
    const { by, conversationId } = first.event;
    const { messages, conversations } = this.#context;
    const messageIds = received.flatMap(({ event }) => event.messageIds);
    const [found, [entry]] = await Promise.all([
      messages.get(messageIds.map((messageId) => ({ conversationId, messageId }))),
      conversations.entries([{ userId: by, conversationId }]),
    ]);
    const seen = found.filter((message) => message !== null && maySee(message, by));
    const known = new Set(entry == null ? [] : seen.map((message) => message?.messageId));
    let from: MessageId | '' = entry?.read.upTo ?? '';
    for (const one of received) {
      const missing = one.event.messageIds.filter((messageId) => !known.has(messageId));
      if (missing.length > 0) await this.#putBack([{ event: one.event, messageIds: missing }]);
      const upTo = latest(one.event.messageIds.filter((messageId) => known.has(messageId)));
      if (upTo === undefined || (upTo <= from && !one.redelivered)) continue;
      await this.#markRead(one.event, upTo);
      const { at } = one.event;
      feed.events.add('receipt.read', () => [readEvent({ conversationId, messageId: upTo, by, at })]);
      if (upTo > from) from = upTo;
    }
  }

  /**
   * Moves the reader's mark, then announces it. The mark determines which messages are read, so nothing else is written
   * about them. A crash before the mark is written repeats everything. After a later crash the redelivered event finds
   * the mark and announces everything once more; receivers merge it. Only the position of the reader's own update is
   * not known then: a sync finds it.
   */
  async #markRead(event: ReceiptEvent, upTo: MessageId): Promise<void> {
    const { conversationId, by, at, nodeId, messageIds } = event;
    const { conversations, router, unread, commits } = this.#context;
    const marked = await conversations.markRead({ userId: by, conversationId, upTo, at, node: nodeId });
    // Another device may still report these as delivered: the mark makes that obsolete.
    for (const messageId of messageIds) commits.firstDelivered(messageId);
    await unread.set([marked.unread]);
    await writeReceipts(
      this.#context,
      sendersTo(event).map((userId) => ({
        userId,
        receipt: { type: 'receipt', conversationId, state: 'read', upTo, by, at },
      })),
    );
    const frame: ServerFrame = marked.changed
      ? { type: 'read', conversationId, upTo, at, position: marked.position }
      : { type: 'sync_needed' };
    await router.route([{ userId: by, frame: encodeServerFrame(frame) }]);
  }

  /**
   * Receipts of a batch with the same number of tries wait together, as a delayed batch of messages usually has a
   * receipt behind each message.
   */
  async #putBack(early: readonly EarlyReceipt[]): Promise<void> {
    const { publisher, metrics, logger } = this.#context;
    for (const [delayMs, receipts] of Map.groupBy(early, (one) => this.#delayMs(one))) {
      if (delayMs === undefined) {
        for (const { event, messageIds } of receipts) {
          const { conversationId } = event;
          metrics.dropped('receipt_without_message');
          logger.debug({ conversationId, messageIds }, 'dropped a receipt for messages that do not exist');
        }
        continue;
      }
      const again = receipts.map((one) => ({ key: one.event.conversationId, event: triedAgain(one) }));
      await publisher.publishLater(CONVERSATION_TOPIC, again, delayMs);
    }
  }

  /**
   * How long a receipt waits for its messages; undefined: they will not arrive. If the node never pushed the messages
   * to the user, the receipt waits once, and only while the sender's node may still be publishing them: invented ids
   * must cost next to nothing.
   */
  #delayMs({ event, messageIds }: EarlyReceipt): number | undefined {
    const { tries = 0, unseen = false, at } = event;
    if (unseen) {
      const { publishDeadlineMs } = this.#context.limits;
      const mayCome = messageIds.some((messageId) => timeOf(messageId) > at - publishDeadlineMs);
      return tries === 0 && mayCome ? publishDeadlineMs : undefined;
    }
    if (tries >= MAX_TRIES) return undefined;
    return tries === 0 ? 0 : SECOND_DELAY_MS * 2 ** (tries - 1);
  }
}

function triedAgain({ event, messageIds }: EarlyReceipt): ReceiptEvent {
  const { pushedMs, tries = 0, ...rest } = event;
  const again: ReceiptEvent = { ...rest, messageIds, tries: tries + 1 };
  if (pushedMs !== undefined) again.pushedMs = messageIds.map((id) => pushedMs[event.messageIds.indexOf(id)] ?? -1);
  return again;
}

function latest(messageIds: readonly MessageId[]): MessageId | undefined {
  return messageIds.reduce<MessageId | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined);
}

/** The users whose messages the acking user may have received: all other participants of the conversation. */
function sendersTo({ conversationId, by }: ReceiptEvent): UserId[] {
  return participantsOf(conversationId).filter((userId) => userId !== by);
}

function deliveredReceipts(event: ReceiptEvent, messageIds: MessageId[]): ReceiptFor[] {
  const { conversationId, by, at } = event;
  return sendersTo(event).map((userId) => ({
    userId,
    receipt: { type: 'receipt', conversationId, state: 'delivered', messageIds, by, at },
  }));
}
