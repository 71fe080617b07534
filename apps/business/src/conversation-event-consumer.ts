import { CONVERSATION_RULES, EventConsumer, type ShardTroubles } from '@chasqui/core';
import { CONVERSATION_TOPIC, type ConversationEvent } from '@chasqui/domain';
import type { BusDelivery, MessageBus } from '@chasqui/ports';
import { BatchFeed } from './announce/batch-feed.ts';
import type { BusinessContext, Received } from './business-context.ts';
import { ActionHandler } from './handlers/action-handler.ts';
import { allEnded } from './handlers/all-ended.ts';
import type { EventHandler, EventOf } from './handlers/event-handler.ts';
import { GroupHandler } from './handlers/group-handler.ts';
import { MessageHandler } from './handlers/message-handler.ts';
import { OfflineHandler } from './handlers/offline-handler.ts';
import { ReactionHandler } from './handlers/reaction-handler.ts';
import { ReceiptHandler } from './handlers/receipt-handler.ts';
import { SyncedHandler } from './handlers/synced-handler.ts';
import { rejectUnprocessable } from './handlers/unprocessable-event.ts';

type Grouped = { [T in ConversationEvent['type']]: Received<EventOf<T>>[] };

/**
 * Handles the events of one shard in batches, type by type. Messages are first, as the other events are about messages.
 * Statuses merge by maximum, so changing the order of types loses nothing.
 */
export class ConversationEventConsumer {
  readonly #context: BusinessContext;
  readonly #handlers: { readonly [T in ConversationEvent['type']]: EventHandler<T> };
  readonly #events: EventConsumer<ConversationEvent>;

  constructor(context: BusinessContext, bus: Pick<MessageBus, 'publish'>) {
    this.#context = context;
    const offline = new OfflineHandler(context);
    // In the order in which a batch's types are handled.
    this.#handlers = {
      message: new MessageHandler(context, offline),
      offline,
      receipt: new ReceiptHandler(context),
      action: new ActionHandler(context),
      react: new ReactionHandler(context),
      synced: new SyncedHandler(context),
      group: new GroupHandler(context),
    };
    const { clock, logger } = context;
    this.#events = new EventConsumer({
      topic: CONVERSATION_TOPIC,
      bus,
      clock,
      logger,
      rules: CONVERSATION_RULES,
      handle: (events) => this.#handle(events),
      givenUp: (event) => rejectUnprocessable(context, event),
    });
  }

  /** See `EventConsumer.handle`. */
  handle(batch: readonly BusDelivery[]): Promise<void> {
    return this.#events.handle(batch);
  }

  /** See `EventConsumer.troubles`. */
  troubles(): ShardTroubles {
    return this.#events.troubles();
  }

  /** What is before a change of a group is handled before it, and what is behind it after it (C18). */
  async #handle(received: readonly Received<ConversationEvent>[]): Promise<void> {
    const isChange = (index: number) => received[index]?.event.type === 'group';
    for (let start = 0, end = 1; start < received.length; start = end++) {
      while (end < received.length && isChange(end) === isChange(start)) end++;
      await this.#handleTogether(received.slice(start, end));
    }
  }

  async #handleTogether(received: readonly Received<ConversationEvent>[]): Promise<void> {
    const grouped = this.#group(received);
    const { publisher, wanted } = this.#context;
    const feed = new BatchFeed(publisher, await wanted.current());
    const earlier = this.#handlers.receipt.handle(this.#takeEarly(grouped), feed, Promise.resolve());
    await allEnded([earlier, this.#runInTurn(grouped, feed, earlier)]);
    await feed.done();
  }

  /** Receipts for messages of earlier batches, which need not wait for this batch's messages. */
  #takeEarly(grouped: Grouped): Grouped['receipt'] {
    const { commits } = this.#context;
    const { early = [], rest = [] } = Object.groupBy(grouped.receipt, ({ event: { state, messageIds } }) => {
      const areStored = messageIds.every((messageId) => commits.of(messageId) !== undefined);
      return state === 'delivered' && areStored ? 'early' : 'rest';
    });
    grouped.receipt = rest;
    return early;
  }

  async #runInTurn(grouped: Grouped, feed: BatchFeed, earlier: Promise<void>): Promise<void> {
    for (const type of Object.keys(this.#handlers) as (keyof Grouped)[]) {
      if (grouped[type].length === 0) continue;
      if (type !== 'message') await earlier;
      await this.#run(type, grouped, { feed, earlier });
    }
  }

  #run<T extends keyof Grouped>(
    type: T,
    grouped: Grouped,
    { feed, earlier }: { feed: BatchFeed; earlier: Promise<void> },
  ): Promise<void> {
    const handler: EventHandler<T> = this.#handlers[type];
    const received = grouped[type] as readonly Received<EventOf<T>>[];
    return handler.handle(received, feed, earlier);
  }

  #group(events: readonly Received<ConversationEvent>[]): Grouped {
    const grouped: Grouped = { message: [], offline: [], receipt: [], action: [], react: [], synced: [], group: [] };
    for (const received of events) {
      this.#context.metrics.event(received.event.type);
      (grouped[received.event.type] as Received<ConversationEvent>[]).push(received);
    }
    return grouped;
  }
}
