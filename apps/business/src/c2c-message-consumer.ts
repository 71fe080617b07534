import { type ConversationEvent, ImError } from '@chasqui/domain';
import { conversationEventFault, soundEvents } from '@chasqui/journey';
import type { BusDelivery, MessageBus } from '@chasqui/ports';
import type { BusinessContext, Received } from './business-context.ts';
import { C2COfflineMessageHandler } from './handlers/c2c-offline-message-handler.ts';
import { C2CRecallHandler } from './handlers/c2c-recall-handler.ts';
import { C2CReceiptHandler } from './handlers/c2c-receipt-handler.ts';
import { C2CSendMessageHandler } from './handlers/c2c-send-message-handler.ts';
import { SyncedHandler } from './handlers/synced-handler.ts';
import { SearchFeed } from './search-feed.ts';

type EventOf<T extends ConversationEvent['type']> = Extract<ConversationEvent, { type: T }>;
type Grouped = { [T in ConversationEvent['type']]: Received<EventOf<T>>[] };

/** What takes all events of one type in a batch, in their order. Idempotent: the bus may deliver twice. */
export interface EventHandler<T extends ConversationEvent['type']> {
  /** `earlier`: what is handled beside; before it has ended no status may be told that is lower. */
  handle(received: readonly Received<EventOf<T>>[], feed: SearchFeed, earlier: Promise<void>): Promise<void>;
}

/**
 * Handles the events of one shard, a batch at a time, type by type: messages first, as the others speak about messages.
 * Statuses merge by maximum, so that this order among types loses nothing.
 */
export class C2CMessageConsumer {
  readonly #context: BusinessContext;
  readonly #bus: Pick<MessageBus, 'publish'>;
  /** How often the batch of a shard failed in a row. */
  readonly #failures = new Map<number, number>();
  readonly #handlers: { readonly [T in ConversationEvent['type']]: EventHandler<T> };

  constructor(context: BusinessContext, bus: Pick<MessageBus, 'publish'>) {
    this.#context = context;
    this.#bus = bus;
    const offline = new C2COfflineMessageHandler(context);
    // In the order in which a batch's types are handled.
    this.#handlers = {
      message: new C2CSendMessageHandler(context, offline),
      offline,
      receipt: new C2CReceiptHandler(context),
      recall: new C2CRecallHandler(context),
      synced: new SyncedHandler(context),
    };
  }

  /** Errors: `invalid_request` (dead letter) for what is no event; anything else is tried again, for ever. */
  async handle(batch: readonly BusDelivery[]): Promise<void> {
    try {
      const grouped = await this.#group(batch);
      const feed = new SearchFeed(this.#context.publisher);
      const earlier = this.#handlers.receipt.handle(this.#takeEarly(grouped), feed, Promise.resolve());
      const ended = await Promise.allSettled([earlier, this.#runInTurn(grouped, feed, earlier)]);
      for (const end of ended) if (end.status === 'rejected') throw end.reason;
      await feed.done();
      if (this.#failures.size > 0) this.#failures.delete(batch[0]?.shard ?? 0);
    } catch (error) {
      const shard = batch[0]?.shard ?? 0;
      this.#failures.set(shard, (this.#failures.get(shard) ?? 0) + 1);
      const fields = { err: error, shard: batch[0]?.shard, messages: batch.length };
      const expected = error instanceof ImError && error.retry !== 'never';
      if (expected) this.#context.logger.warn(fields, 'a batch of events could not be handled yet');
      else this.#context.logger.error(fields, 'a batch of events could not be handled');
      throw error;
    }
  }

  /** Receipts for messages of earlier batches: they need not wait for the messages of this one. */
  #takeEarly(grouped: Grouped): Grouped['receipt'] {
    const { commits } = this.#context;
    const { early = [], rest = [] } = Object.groupBy(grouped.receipt, ({ event: { state, messageIds } }) => {
      const areStored = messageIds.every((messageId) => commits.of(messageId) !== undefined);
      return state === 'delivered' && areStored ? 'early' : 'rest';
    });
    grouped.receipt = rest;
    return early;
  }

  async #runInTurn(grouped: Grouped, feed: SearchFeed, earlier: Promise<void>): Promise<void> {
    for (const type of Object.keys(this.#handlers) as (keyof Grouped)[]) {
      if (grouped[type].length === 0) continue;
      if (type !== 'message') await earlier;
      await this.#run(type, grouped, { feed, earlier });
    }
  }

  #run<T extends keyof Grouped>(
    type: T,
    grouped: Grouped,
    { feed, earlier }: { feed: SearchFeed; earlier: Promise<void> },
  ): Promise<void> {
    const handler: EventHandler<T> = this.#handlers[type];
    const received = grouped[type] as readonly Received<EventOf<T>>[];
    return handler.handle(received, feed, earlier);
  }

  async #group(batch: readonly BusDelivery[]): Promise<Grouped> {
    const grouped: Grouped = { message: [], offline: [], receipt: [], recall: [], synced: [] };
    const sound = await soundEvents<ConversationEvent>(this.#bus, batch, conversationEventFault);
    for (const { event, delivery } of sound) {
      const { redelivered, publishedAt, shard } = delivery;
      const retries = redelivered ? (this.#failures.get(shard) ?? 1) : 0;
      this.#context.metrics.event(event.type);
      (grouped[event.type] as Received<ConversationEvent>[]).push({ event, redelivered, retries, publishedAt });
    }
    return grouped;
  }
}
