import type { Clock, ServerEventType } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { ServerEventStore, WebhookStore } from '@chasqui/ports';

/** How long what was read is used, in ms: within this time a new endpoint gets its first events. */
const FRESH_MS = 5_000;

export interface WantedEventsOptions {
  serverEvents: Pick<ServerEventStore, 'state'>;
  webhooks: Pick<WebhookStore, 'list'>;
  clock: Clock;
  logger: Logger;
}

/** The types of server events that somebody wants. Events of others are not even made. */
export class WantedEvents {
  readonly #options: WantedEventsOptions;
  /** Until the first read succeeds, everything counts as wanted. */
  #types: ReadonlySet<ServerEventType> | 'all' = 'all';
  #freshUntil = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(options: WantedEventsOptions) {
    this.#options = options;
  }

  /** What is at most `FRESH_MS` old, or the last known if the store does not answer. */
  async current(): Promise<ReadonlySet<ServerEventType> | 'all'> {
    if (this.#options.clock.monotonic() >= this.#freshUntil) {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    }
    return this.#types;
  }

  async #read(): Promise<void> {
    const { serverEvents, webhooks, clock, logger } = this.#options;
    try {
      const [endpoints, { wantedUntil }] = await Promise.all([webhooks.list(), serverEvents.state()]);
      const isAll = wantedUntil > clock.now() || endpoints.some(({ endpoint: { types } }) => types.length === 0);
      this.#types = isAll ? 'all' : new Set(endpoints.flatMap(({ endpoint: { types } }) => types));
    } catch (error) {
      logger.debug({ err: error }, 'it is unknown which server events are wanted: going by the last known');
    }
    this.#freshUntil = clock.monotonic() + FRESH_MS;
  }
}
