import { type EventPublisher, ServerEventFeed, userEvent, type WantedEvents } from '@chasqui/core';
import type { Clock, Profile, UserChange, UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';

export interface UserEventsOptions {
  wanted: WantedEvents;
  publisher: EventPublisher;
  clock: Clock;
  logger: Logger;
}

/** Tells the host application of changed users. Nobody waits for it, and what fails is not repeated, but for erasures. */
export class UserEvents {
  readonly #options: UserEventsOptions;

  constructor(options: UserEventsOptions) {
    this.#options = options;
  }

  /** A profile was stored. */
  stored(after: Profile, before?: Profile): void {
    if (before === undefined) this.#tell(after.userId, 'created', after);
    else if (!isSame(before, after)) this.#tell(after.userId, 'profile', after);
  }

  /** Whether they may come in changed. */
  access(userId: UserId, change: 'disabled' | 'enabled'): void {
    this.#tell(userId, change);
  }

  /** Before the erasure counts as finished. Errors: `bus_unavailable`. */
  erased(userId: UserId): Promise<void> {
    return this.#publish(userId, 'erased');
  }

  #tell(userId: UserId, change: UserChange, profile?: Profile): void {
    const { logger } = this.#options;
    this.#publish(userId, change, profile).catch((error: unknown) =>
      logger.debug({ err: error }, 'a changed user could not be told of'),
    );
  }

  async #publish(userId: UserId, change: UserChange, profile?: Profile): Promise<void> {
    const { wanted, publisher, clock } = this.#options;
    const at = clock.now();
    const feed = new ServerEventFeed(publisher, await wanted.current());
    feed.add('user.changed', () => [userEvent(userId, change, at, profile)]);
    await feed.done();
  }
}

/** Whether nothing changed that others see. */
function isSame(before: Profile, after: Profile): boolean {
  return (['displayName', 'avatar', 'locale', 'bot'] as const).every((field) => before[field] === after[field]);
}
