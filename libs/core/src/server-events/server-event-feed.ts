import { SERVER_EVENT_TOPIC, type ServerEvent, type ServerEventType } from '@chasqui/domain';
import type { EventPublisher } from '../events/event-publisher.ts';

/**
 * Publishes what a batch of work did as server events. The batch is done only when the bus holds them all: what repeats
 * the batch repeats them, with the same ids.
 */
export class ServerEventFeed {
  readonly #publisher: EventPublisher;
  readonly #wanted: ReadonlySet<ServerEventType> | 'all';
  readonly #publishes: Promise<void>[] = [];

  /** `wanted`: see `WantedEvents`. */
  constructor(publisher: EventPublisher, wanted: ReadonlySet<ServerEventType> | 'all') {
    this.#publisher = publisher;
    this.#wanted = wanted;
  }

  /** Publishes events of a type. They are made only if anybody wants them. */
  add<Type extends ServerEventType>(type: Type, make: () => readonly ServerEvent<Type>[]): void {
    if (this.#wanted !== 'all' && !this.#wanted.has(type)) return;
    for (const event of make() as readonly ServerEvent[]) {
      const published = this.#publisher.publish(SERVER_EVENT_TOPIC, event.key, event);
      // A batch that fails before it calls `done` is repeated anyway.
      published.catch(() => {});
      this.#publishes.push(published);
    }
  }

  /** Resolves when the bus holds everything. Errors: `bus_unavailable`. */
  async done(): Promise<void> {
    await Promise.all(this.#publishes);
  }
}
