import {
  inboxOf,
  type LogEntry,
  type MessageStep,
  type Position,
  type SyncedEvent,
  type UserId,
} from '@chasqui/domain';
import { inParallel } from '@chasqui/kit';
import { mustAnnounce } from '../announce/must-announce.ts';
import { notReadYet } from '../announce/not-read-yet.ts';
import { receiptsOf, writeReceipts } from '../announce/receipt-writer.ts';
import type { SearchFeed } from '../announce/search-feed.ts';
import type { BusinessContext, Received } from '../business-context.ts';
import { traceStepsOf } from '../trace/trace-steps.ts';
import type { EventHandler } from './event-handler.ts';

const PAGE = 500;
/** Users handled at once. */
const AT_ONCE = 16;

/**
 * A device made its own everything up to a position (design, section 3, step 7): what it had not acked before is
 * delivered. The confirmation is written last, so that a crash repeats what comes before it.
 */
export class SyncedHandler implements EventHandler<'synced'> {
  readonly #context: BusinessContext;

  constructor(context: BusinessContext) {
    this.#context = context;
  }

  /** Users side by side; what one user's devices say, one after another. */
  async handle(received: readonly Received<SyncedEvent>[], feed: SearchFeed): Promise<void> {
    await inParallel(byUser(received).values(), AT_ONCE, async (devices) => {
      for (const one of devices) await this.#synced(one, feed);
    });
  }

  async #synced(one: Received<SyncedEvent>, feed: SearchFeed): Promise<void> {
    const { event } = one;
    const { logs } = this.#context;
    const { userId, deviceId, position, epoch, at } = event;
    const devices = await logs.devices(userId);
    let after = Math.max(0, ...devices.map((device) => device.position));
    while (after < position) {
      const page = await logs.page(inboxOf(userId), after, Math.min(PAGE, position - after));
      // Positions of another log say nothing about this one.
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
    feed: SearchFeed,
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
    feed.add(changed.map((message) => ({ ...message, status: 'delivered' })));
    const told = await notReadYet(this.#context, changed);
    // Before the confirmation, which says that all of this is done: after a crash nothing of it is looked at again.
    await Promise.all([feed.done(), writeReceipts(this.#context, receiptsOf('delivered', told))]);
    const ids = incoming.map(({ messageId }) => messageId);
    await offlineCache.drop(userId, ids).catch(() => {});
  }
}

/** Of each device in each epoch the furthest confirmation: it says everything that the others say. */
function byUser(received: readonly Received<SyncedEvent>[]): Map<UserId, Received<SyncedEvent>[]> {
  const users = new Map<UserId, Received<SyncedEvent>[]>();
  for (const one of received) {
    const { userId, deviceId, epoch, position } = one.event;
    const devices = users.get(userId) ?? [];
    users.set(userId, devices);
    const index = devices.findIndex(({ event }) => event.deviceId === deviceId && event.epoch === epoch);
    const known = devices[index];
    if (known === undefined) devices.push(one);
    else {
      const furthest = position >= known.event.position ? one : known;
      const pages = [...(known.event.pages ?? []), ...(one.event.pages ?? [])];
      devices[index] = {
        ...furthest,
        event: { ...furthest.event, ...(pages.length === 0 ? {} : { pages }) },
        redelivered: known.redelivered || one.redelivered,
      };
    }
  }
  return users;
}

/** How the entry at a position came to the device: by a page of this connection, else by a way that is not known. */
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
