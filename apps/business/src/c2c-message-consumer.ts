import { type ConversationEvent, ImError } from '@chasqui/domain';
import { decodeEvents } from '@chasqui/journey';
import type { BusDelivery } from '@chasqui/ports';
import type { BusinessContext, Received } from './business-context.ts';
import { C2COfflineMessageHandler } from './handlers/c2c-offline-message-handler.ts';
import { C2CRecallHandler } from './handlers/c2c-recall-handler.ts';
import { C2CReceiptHandler } from './handlers/c2c-receipt-handler.ts';
import { C2CSendMessageHandler } from './handlers/c2c-send-message-handler.ts';
import { SyncedHandler } from './handlers/synced-handler.ts';

type EventOf<T extends ConversationEvent['type']> = Extract<ConversationEvent, { type: T }>;
type Grouped = { [T in ConversationEvent['type']]: Received<EventOf<T>>[] };

/** What takes all events of one type in a batch, in their order. Idempotent: the bus may deliver twice. */
export interface EventHandler<T extends ConversationEvent['type']> {
  handle(received: readonly Received<EventOf<T>>[]): Promise<void>;
}

/**
 * Handles the events of one shard, a batch at a time, type by type: messages first, as the others speak about messages.
 * Statuses merge by maximum, so that this order among types loses nothing.
 */
export class C2CMessageConsumer {
  readonly #context: BusinessContext;
  readonly #handlers: { readonly [T in ConversationEvent['type']]: EventHandler<T> };

  constructor(context: BusinessContext) {
    this.#context = context;
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

  /** Errors: `invalid_request` (dead letter) for what is no event; `store_unavailable` and the like are tried again. */
  async handle(batch: readonly BusDelivery[]): Promise<void> {
    const grouped = this.#group(batch);
    for (const type of Object.keys(this.#handlers) as (keyof Grouped)[]) {
      if (grouped[type].length > 0) await this.#run(type, grouped);
    }
  }

  #run<T extends keyof Grouped>(type: T, grouped: Grouped): Promise<void> {
    const handler: EventHandler<T> = this.#handlers[type];
    const received = grouped[type] as readonly Received<EventOf<T>>[];
    return handler.handle(received);
  }

  #group(batch: readonly BusDelivery[]): Grouped {
    const grouped: Grouped = { message: [], offline: [], receipt: [], recall: [], synced: [] };
    for (const { body, redelivered, publishedAt } of batch) {
      for (const event of decodeEvents<ConversationEvent>(body)) {
        if (!Object.hasOwn(grouped, event.type)) {
          throw new ImError('invalid_request', `unknown event type ${String(event.type)}`);
        }
        this.#context.metrics.event(event.type);
        (grouped[event.type] as Received<ConversationEvent>[]).push({ event, redelivered, publishedAt });
      }
    }
    return grouped;
  }
}
