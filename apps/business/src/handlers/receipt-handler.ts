import { CONVERSATION_TOPIC, type MessageId, peerOf, type ReceiptEvent, timeOf } from '@chasqui/domain';
import { inParallel } from '@chasqui/kit';
import { encodeServerFrame, type ServerFrame } from '@chasqui/protocol';
import { mustAnnounce } from '../announce/must-announce.ts';
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
/** Messages raised to *read* at a time. */
const READ_PAGE = 200;

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
    const delivered = received.filter(({ event }) => event.state === 'delivered');
    await this.#delivered(delivered, feed);
    await this.#read(
      received.filter(({ event }) => event.state === 'read'),
      feed,
    );
  }

  async #delivered(received: readonly Received<ReceiptEvent>[], feed: SearchFeed): Promise<void> {
    if (received.length === 0) return;
    const { messages, commits } = this.#context;
    const changes = received.flatMap(({ event, retries }) =>
      event.messageIds.map((messageId, index) => ({
        conversationId: event.conversationId,
        messageId,
        to: event.by,
        status: 'delivered' as const,
        at: event.at,
        node: event.nodeId,
        retries: retries + (event.tries ?? 0),
        before: traceStepsOf(commits, messageId, pushedStep(event, index)),
      })),
    );
    // Where the rise is certain, the sender's inbox need not wait for it. Should another process have told it already, the
    // receipt stands there twice, as after a redelivery, and receivers merge forward only.
    const certain = new Set(received.filter((one) => this.#isFirst(one)));
    const [results, written] = await Promise.all([
      messages.raise(changes),
      appendReceipts(
        this.#context,
        [...certain].map(({ event }) => deliveredReceipt(event, event.messageIds)),
      ),
    ]);
    const told: typeof changes = [];
    const receipts: ReceiptFor[] = [];
    const early: EarlyReceipt[] = [];
    let next = 0;
    for (const one of received) {
      const { event, redelivered } = one;
      const own = event.messageIds.map((messageId) => ({ messageId, index: next++ }));
      const toTell = own.filter(({ index }) => mustAnnounce(results[index], redelivered));
      for (const { index } of toTell) told.push(changes[index] as (typeof changes)[number]);
      if (toTell.length > 0 && !certain.has(one)) {
        const messageIds = toTell.map(({ messageId }) => messageId);
        receipts.push(deliveredReceipt(event, messageIds));
      }
      const missing = own.filter(({ index }) => results[index] === 'missing').map(({ messageId }) => messageId);
      if (missing.length > 0) early.push({ event, messageIds: missing });
    }
    await this.#putBack(early);
    feed.add(told);
    await Promise.all([pushReceipts(this.#context, written), writeReceipts(this.#context, receipts)]);
  }

  /** Its messages were committed by this process, and nothing says yet that they were delivered. */
  #isFirst({ event, redelivered }: Received<ReceiptEvent>): boolean {
    const firsts = event.messageIds.filter((messageId) => this.#context.commits.firstDelivered(messageId));
    return !redelivered && firsts.length === event.messageIds.length;
  }

  /** What each user read in each conversation, in order; other users' beside it. */
  async #read(received: readonly Received<ReceiptEvent>[], feed: SearchFeed): Promise<void> {
    const byReader = Map.groupBy(received, ({ event }) => `${event.by} ${event.conversationId}`);
    await inParallel(byReader.values(), AT_ONCE, async (own) => {
      for (let start = 0; start < own.length; start += LOOK_AT) {
        await this.#readByOne(own.slice(start, start + LOOK_AT), feed);
      }
    });
  }

  /** Receipts of one user in one conversation: one look says which of their messages exist. */
  async #readByOne(received: readonly Received<ReceiptEvent>[], feed: SearchFeed): Promise<void> {
    const [first] = received;
    if (first === undefined) return;
    const { by, conversationId } = first.event;
    const { messages, sessions } = this.#context;
    const messageIds = received.flatMap(({ event }) => event.messageIds);
    const [found, session] = await Promise.all([
      messages.get(messageIds.map((messageId) => ({ conversationId, messageId }))),
      sessions.get(by, conversationId),
    ]);
    const known = new Set(session === null ? [] : messageIds.filter((_, index) => found[index] !== null));
    let from: MessageId | '' = session?.readUpTo ?? '';
    for (const one of received) {
      const missing = one.event.messageIds.filter((messageId) => !known.has(messageId));
      if (missing.length > 0) await this.#putBack([{ event: one.event, messageIds: missing }]);
      const upTo = latest(one.event.messageIds.filter((messageId) => known.has(messageId)));
      if (upTo === undefined || (upTo <= from && !one.redelivered)) continue;
      await this.#markRead(one, { upTo, from, feed });
      if (upTo > from) from = upTo;
    }
  }

  async #markRead(
    { event, redelivered }: Received<ReceiptEvent>,
    { upTo, from, feed }: { upTo: MessageId; from: MessageId | ''; feed: SearchFeed },
  ): Promise<void> {
    const { conversationId, by, at } = event;
    const { sessions, router, unread } = this.#context;
    // Statuses, and what search is told of them, come before the mark that says how far they are: after a crash the same
    // ones are raised again.
    if (upTo > from) await this.#raiseToRead(event, { upTo, from, redelivered, feed });
    await feed.done();
    const marked = await sessions.markRead(by, conversationId, upTo, at);
    await unread.set([marked.unread]);
    const peer = peerOf(conversationId, by);
    await writeReceipts(this.#context, [
      { userId: peer, receipt: { type: 'receipt', conversationId, state: 'read', upTo, by, at } },
    ]);
    const frame: ServerFrame = marked.changed
      ? { type: 'read', conversationId, upTo, at, position: marked.position }
      : { type: 'sync_needed' };
    await router.route([{ userId: by, frame: encodeServerFrame(frame) }]);
  }

  /** Newest first, down to `from`. */
  async #raiseToRead(
    event: ReceiptEvent,
    {
      upTo,
      from,
      redelivered,
      feed,
    }: { upTo: MessageId; from: MessageId | ''; redelivered: boolean; feed: SearchFeed },
  ): Promise<void> {
    const { conversationId, by, at, nodeId } = event;
    const { messages, commits } = this.#context;
    const pushed = new Map(event.messageIds.map((messageId, index) => [messageId, pushedStep(event, index)]));
    let page = (await messages.get([{ conversationId, messageId: upTo }])).filter((message) => message !== null);
    while (page.length > 0) {
      const incoming = page.filter((message) => message.to === by);
      const results = await messages.raise(
        incoming.map(({ messageId }) => ({
          conversationId,
          messageId,
          to: by,
          status: 'read',
          at,
          node: nodeId,
          before: traceStepsOf(commits, messageId, pushed.get(messageId)),
        })),
      );
      const told = incoming.filter((_, index) => mustAnnounce(results[index], redelivered));
      feed.add(told.map(({ messageId }) => ({ conversationId, messageId, status: 'read' })));
      const before = page.at(-1)?.messageId ?? '';
      page = await messages.page(conversationId, {
        before,
        ...(from === '' ? {} : { after: from }),
        limit: READ_PAGE,
      });
    }
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

function deliveredReceipt(event: ReceiptEvent, messageIds: MessageId[]): ReceiptFor {
  const { conversationId, by, at } = event;
  return {
    userId: peerOf(conversationId, by),
    receipt: { type: 'receipt', conversationId, state: 'delivered', messageIds, by, at },
  };
}
