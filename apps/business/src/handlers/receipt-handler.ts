import {
  CONVERSATION_TOPIC,
  type MessageId,
  maySee,
  participantsOf,
  type ReceiptEvent,
  timeOf,
  type UserId,
} from '@chasqui/domain';
import { inParallel } from '@chasqui/kit';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import { mustAnnounce } from '../announce/must-announce.ts';
import { notReadYet } from '../announce/not-read-yet.ts';
import { appendReceipts, pushReceipts, type ReceiptFor, writeReceipts } from '../announce/receipt-writer.ts';
import type { SearchFeed } from '../announce/search-feed.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import { pushedStep, traceStepsOf } from '../trace/trace-steps.ts';
import type { EventHandler } from './event-handler.ts';

/**
 * A receipt may overtake its message: it is put back this often, then dropped. At first behind what its shard has by now,
 * as the message is most often there; then after 0.5 s, doubling.
 */
const MAX_TRIES = 7;
const SECOND_DELAY_MS = 500;
/** Users and conversations whose *read* receipts are handled at once. */
const AT_ONCE = 16;
/** Of one of them, looked at together. */
const LOOK_AT = 20;

/** A receipt, and which of its messages are not there yet. */
interface EarlyReceipt {
  event: ReceiptEvent;
  messageIds: MessageId[];
}

/** What devices received and users read (design, section 3, step 6). */
export class ReceiptHandler implements EventHandler<'receipt'> {
  readonly #context: BusinessContext;

  constructor(context: BusinessContext) {
    this.#context = context;
  }

  async handle(received: readonly Received<ReceiptEvent>[], feed: SearchFeed): Promise<void> {
    const { delivered = [], read = [] } = Object.groupBy(received, ({ event }) => event.state);
    await this.#delivered(delivered, feed);
    await this.#read(read);
  }

  async #delivered(received: readonly Received<ReceiptEvent>[], feed: SearchFeed): Promise<void> {
    if (received.length === 0) return;
    const { messages } = this.#context;
    const changes = received.flatMap((one) => this.#changes(one));
    // Where the rise is certain, the sender's inbox need not wait for it. Should another process have told it already, the
    // receipt stands there twice, as after a redelivery, and receivers merge forward only.
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
    feed.add(told);
    // A device that was away may confirm what was read on another one.
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

  /** Its messages were committed by this process, and nothing says yet that they were delivered. */
  #isFirst({ event, redelivered }: Received<ReceiptEvent>): boolean {
    const firsts = event.messageIds.filter((messageId) => this.#context.commits.firstDelivered(messageId));
    return !redelivered && firsts.length === event.messageIds.length;
  }

  /** What each user read in each conversation, in order; other users' beside it. */
  async #read(received: readonly Received<ReceiptEvent>[]): Promise<void> {
    const byReader = Map.groupBy(received, ({ event }) => `${event.by} ${event.conversationId}`);
    await inParallel(byReader.values(), AT_ONCE, async (own) => {
      for (let start = 0; start < own.length; start += LOOK_AT)
        await this.#readByOne(own.slice(start, start + LOOK_AT));
    });
  }

  /** Receipts of one user in one conversation: one look says which of their messages exist, and are the reader's to read. */
  async #readByOne(received: readonly Received<ReceiptEvent>[]): Promise<void> {
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
      if (upTo > from) from = upTo;
    }
  }

  /**
   * Moves the reader's mark, then tells: from the mark follows which messages are read, so that nothing else is written of them. A
   * crash before the mark repeats all of it. One after it comes back as a redelivery: the mark stands, and all is told once more,
   * which receivers merge. Only the place of the reader's own update is not known any more then: a sync finds it.
   */
  async #markRead(event: ReceiptEvent, upTo: MessageId): Promise<void> {
    const { conversationId, by, at, nodeId, messageIds } = event;
    const { conversations, router, unread, commits } = this.#context;
    const marked = await conversations.markRead({ userId: by, conversationId, upTo, at, node: nodeId });
    // Another device may still say that it got them: that is not news any more.
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

  /** Those of a batch that have been tried as often wait together: where messages are late, each has its receipt behind it. */
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
   * How long a receipt waits for its messages; undefined: they do not come any more. What a node never pushed to the user is
   * waited for once, and only while its sender's node may still be publishing it: invented ids must cost next to nothing.
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

/** Whose messages somebody who acks may have received: all others of the conversation. */
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
