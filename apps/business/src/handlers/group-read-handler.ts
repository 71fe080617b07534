import { readEvent, readKnownMembers } from '@chasqui/core';
import { inboxOf, type MessageId, maySeeMessage, type ReceiptEvent } from '@chasqui/domain';
import { inParallel } from '@chasqui/kit';
import type { BatchFeed } from '../announce/batch-feed.ts';
import { toLog } from '../announce/to-log.ts';
import type { BusinessContext, Received } from '../business-context.ts';

/** How many readers are handled in parallel. */
const AT_ONCE = 16;
/** How many receipts of one reader are checked with one read. */
const LOOK_AT = 20;

/**
 * Moves the marks of members who read a group. Nothing is written for others: who has read a message follows from the
 * marks. *Delivered* is not kept in groups.
 */
export class GroupReadHandler {
  readonly #context: BusinessContext;

  constructor(context: BusinessContext) {
    this.#context = context;
  }

  async handle(received: readonly Received<ReceiptEvent>[], feed: BatchFeed): Promise<void> {
    const reads = received.filter(({ event }) => event.state === 'read');
    const byReader = Map.groupBy(reads, ({ event }) => `${event.by} ${event.conversationId}`);
    await inParallel(byReader.values(), AT_ONCE, async (own) => {
      for (let start = 0; start < own.length; start += LOOK_AT)
        await this.#readByOne(own.slice(start, start + LOOK_AT), feed);
    });
  }

  /** One mark is enough for receipts of one reader in one group. */
  async #readByOne(received: readonly Received<ReceiptEvent>[], feed: BatchFeed): Promise<void> {
    const { conversations, router, groupNews, limits } = this.#context;
    const last = received.at(-1);
    if (last === undefined) return;
    const { conversationId, by, at, nodeId: node } = last.event;
    const seen = await this.#seenIn(
      last.event,
      received.flatMap(({ event }) => event.messageIds),
    );
    if (seen === null) return;
    const { upTo, memberCount } = seen;
    const { changed, position } = await conversations.markRead({ userId: by, conversationId, upTo, at, node });
    if (changed || received.some(({ redelivered }) => redelivered))
      feed.events.add('receipt.read', () => [readEvent({ conversationId, messageId: upTo, by, at })]);
    if (changed) {
      const frame = { type: 'read', conversationId, upTo, at, position } as const;
      await router.route([toLog(inboxOf(by), by, frame)]);
      if (memberCount <= limits.maxSmallGroup) groupNews.read({ conversationId, by, upTo, at });
    }
    // A crash may have preceded the announcement. The position is not known any more, so the devices must sync.
    else if (received.some(({ redelivered }) => redelivered))
      await router.route([toLog(inboxOf(by), by, { type: 'sync_needed' })]);
  }

  /** The last of the messages that the reader may see, and how large the group is; null: they may see none. */
  async #seenIn({ conversationId, by: userId }: ReceiptEvent, messageIds: readonly MessageId[]) {
    const { messages, groups, metrics } = this.#context;
    const [found, [{ group, member } = {}]] = await Promise.all([
      messages.get(messageIds.map((messageId) => ({ conversationId, messageId }))),
      readKnownMembers(groups, [{ conversationId, userId }]),
    ]);
    const seen = found.flatMap((message) =>
      message !== null && group != null && maySeeMessage(group, member, message.messageId) ? [message.messageId] : [],
    );
    const upTo = seen.sort().at(-1);
    if (upTo !== undefined && group != null) return { upTo, memberCount: group.memberCount };
    metrics.dropped('receipt_without_message');
    return null;
  }
}
