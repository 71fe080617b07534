import { type EventPublisher, presenceEvent, ServerEventFeed, type WantedEvents } from '@chasqui/core';
import type { Clock, DevicePresence } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { Presence } from '@chasqui/ports';

export interface PresenceEventsOptions {
  wanted: WantedEvents;
  publisher: EventPublisher;
  presence: Pick<Presence, 'lookup'>;
  clock: Clock;
  logger: Logger;
}

type Entry = Pick<DevicePresence, 'userId' | 'deviceId' | 'sessionId'>;

/** Tells the host application which users came and went. Nobody waits for it, and what fails is not repeated. */
export class PresenceEvents {
  readonly #options: PresenceEventsOptions;

  constructor(options: PresenceEventsOptions) {
    this.#options = options;
  }

  /** The first device of a user is connected. */
  came(entry: Entry): void {
    this.#publish('user.online', entry, async () => true);
  }

  /** A device of a user is gone; another may be there. */
  went(entry: Entry): void {
    this.#publish('user.offline', entry, async () => {
      const [live = []] = await this.#options.presence.lookup([entry.userId]);
      return live.length === 0;
    });
  }

  #publish(type: 'user.online' | 'user.offline', entry: Entry, holds: () => Promise<boolean>): void {
    const { wanted, publisher, clock, logger } = this.#options;
    const at = clock.now();
    const published = async (): Promise<void> => {
      const types = await wanted.current();
      if (types !== 'all' && !types.has(type)) return;
      if (!(await holds())) return;
      const feed = new ServerEventFeed(publisher, types);
      feed.add(type, () => [presenceEvent(type, entry, at)]);
      await feed.done();
    };
    published().catch((error: unknown) => logger.debug({ err: error }, `the event ${type} could not be published`));
  }
}
