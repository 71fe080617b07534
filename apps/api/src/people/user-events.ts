import { type EventPublisher, ServerEventFeed, userEvent, type WantedEvents } from '@chasqui/core';
import type { Clock, Profile, UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';

export interface UserEventsOptions {
  wanted: WantedEvents;
  publisher: EventPublisher;
  clock: Clock;
  logger: Logger;
}

/** Tells the host application of changed users. Nobody waits for it, and what fails is not repeated. */
export class UserEvents {
  readonly #options: UserEventsOptions;

  constructor(options: UserEventsOptions) {
    this.#options = options;
  }

  /** A profile was stored. */
  stored(after: Profile, before?: Profile): void {
    if (before === undefined) this.#publish(after.userId, 'created', after);
    else if (!isSame(before, after)) this.#publish(after.userId, 'profile', after);
  }

  /** Whether they may come in changed. */
  access(userId: UserId, change: 'disabled' | 'enabled'): void {
    this.#publish(userId, change);
  }

  #publish(userId: UserId, change: 'created' | 'profile' | 'disabled' | 'enabled', profile?: Profile): void {
    const { wanted, publisher, clock, logger } = this.#options;
    const at = clock.now();
    const published = async (): Promise<void> => {
      const feed = new ServerEventFeed(publisher, await wanted.current());
      feed.add('user.changed', () => [userEvent(userId, change, at, profile)]);
      await feed.done();
    };
    published().catch((error: unknown) => logger.debug({ err: error }, 'a changed user could not be told of'));
  }
}

/** Whether nothing changed that others see. */
function isSame(before: Profile, after: Profile): boolean {
  return (['displayName', 'avatar', 'locale', 'bot'] as const).every((field) => before[field] === after[field]);
}
