import { deliveredEvent } from '@chasqui/core';
import { inboxOf, type LogEntry, type MessageStep, type Position, type SyncedEvent } from '@chasqui/domain';
import { inParallel } from '@chasqui/kit';
import type { BatchFeed } from '../announce/batch-feed.ts';
import { mustAnnounce } from '../announce/must-announce.ts';
import { notReadYet } from '../announce/not-read-yet.ts';
import { receiptsOf, writeReceipts } from '../announce/receipt-writer.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import { traceStepsOf } from '../trace/trace-steps.ts';
import type { EventHandler } from './event-handler.ts';
import { furthestConfirmations } from './furthest-confirmations.ts';

const PAGE = 500;
/** How many users are handled in parallel. */
const AT_ONCE = 16;

/**
 * Handles a device's confirmation of all positions up to one (design, section 3, step 7): messages that it had not
 * acked are now delivered. The confirmation is written last, so that a crash repeats the steps before it.
 */
export class SyncedHandler implements EventHandler<'synced'> {
  readonly #context: BusinessContext;

  constructor(context: BusinessContext) {
    this.#context = context;
  }

  /** Handles users in parallel, and the confirmations of one user's devices one after another. */
  async handle(received: readonly Received<SyncedEvent>[], feed: BatchFeed): Promise<void> {
    await inParallel(furthestConfirmations(received).values(), AT_ONCE, async (devices) => {
      for (const one of devices) await this.#synced(one, feed);
    });
  }

  async #synced(one: Received<SyncedEvent>, feed: BatchFeed): Promise<void> {
    const { event } = one;
    const { logs } = this.#context;
    const { userId, deviceId, position, epoch, at } = event;
    const devices = await logs.devices(userId);
    let after = Math.max(0, ...devices.map((device) => device.position));
    while (after < position) {
      const page = await logs.page(inboxOf(userId), after, Math.min(PAGE, position - after));
      // Positions of another epoch say nothing about this log.
      if (epoch !== undefined && epoch !== page.epoch) return;
      if (page.entries.length === 0) {
        if (after >= page.floor) break;
        after = page.floor;
        continue;
      }
      await this.#deliver(one, page.entries, feed);
      after = page.entries.at(-1)?.position ?? position;
    }
    await logs.confirm({ userId, deviceId, position: position as Position, at });
  }

  async #deliver(
    { event, redelivered, retries }: Received<SyncedEvent>,
    entries: readonly LogEntry[],
    feed: BatchFeed,
  ): Promise<void> {
    const { messages, offlineCache, commits } = this.#context;
    const { userId, at, nodeId } = event;
    const incoming = entries
      .filter((entry) => entry.type === 'message')
      .filter(({ from }) => from !== userId)
      .map((entry) => ({ ...entry, member: userId, by: userId, at }));
    if (incoming.length === 0) return;
    const results = await messages.raise(
      incoming.map(({ conversationId, messageId, position }) => ({
        conversationId,
        messageId,
        member: userId,
        status: 'delivered',
        at,
        node: nodeId,
        retries,
        before: traceStepsOf(commits, messageId, ...syncSteps(event, position)),
      })),
    );
    const changed = incoming.filter((_, index) => mustAnnounce(results[index], redelivered));
    feed.search.add(changed.map((message) => ({ ...message, status: 'delivered' })));
    feed.events.add('receipt.delivered', () => changed.map(deliveredEvent));
    const told = await notReadYet(this.#context, changed);
    // Before the confirmation is written, as nothing up to its position is checked again after a crash.
    await Promise.all([feed.done(), writeReceipts(this.#context, receiptsOf('delivered', told))]);
    const ids = incoming.map(({ messageId }) => messageId);
    await offlineCache?.drop(userId, ids).catch(() => {});
  }
}

/** How the entry at a position reached the device: by a page of this connection, otherwise by an unknown way. */
function syncSteps({ at, nodeId: node, pages = [] }: SyncedEvent, position: Position): MessageStep[] {
  const synced: MessageStep = { state: 'synced', at, node };
  const page = pages.find(([after, upTo]) => after < position && position <= upTo);
  if (page === undefined) return [synced];
  const [, , askedMs, sentMs] = page;
  return [
    synced,
    { state: 'syncing', at: at - askedMs, node },
    { state: 'awaiting_confirmation', at: at - sentMs, node },
  ];
}
