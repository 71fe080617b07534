import { type EventPublisher, presenceEvent, ServerEventFeed, type WantedEvents } from '@chasqui/core';
import type { Clock, DevicePresence } from '@chasqui/domain';
import type { Presence } from '@chasqui/ports';

export interface GoneUsersOptions {
  wanted: WantedEvents;
  publisher: EventPublisher;
  presence: Pick<Presence, 'lookup' | 'unregister'>;
  clock: Clock;
}

/**
 * Tells the host application whose last device was on a dead node. It is told before the entries are removed: a crash
 * repeats it, with the same ids. Who comes back in between replaces an entry, and so does not count as coming: that is
 * told here too.
 */
export class GoneUsers {
  readonly #options: GoneUsersOptions;

  constructor(options: GoneUsersOptions) {
    this.#options = options;
  }

  /** `entries`: some of a dead node. Errors: `presence_unavailable`, `bus_unavailable`, with some told. */
  async tell(entries: readonly DevicePresence[]): Promise<void> {
    const { wanted, publisher, presence, clock } = this.#options;
    const types = await wanted.current();
    if (types !== 'all' && !types.has('user.online') && !types.has('user.offline')) return;
    const byUser = [...Map.groupBy(entries, ({ userId }) => userId)];
    const live = await presence.lookup(byUser.map(([userId]) => userId));
    const gone = byUser.filter((_, index) => live[index]?.length === 0).map(([, own]) => own);
    const feed = new ServerEventFeed(publisher, types);
    const now = clock.now();
    feed.add('user.offline', () => gone.map((own) => presenceEvent('user.offline', lastOf(own), now)));
    await feed.done();
    const replaced = await Promise.all(gone.flat().map(async (entry) => !(await presence.unregister(entry))));
    const back = gone.flat().filter((_, index) => replaced[index]);
    const present = await presence.lookup([...new Set(back.map(({ userId }) => userId))]);
    feed.add('user.online', () =>
      present.flatMap((own) => own.slice(0, 1).map((entry) => presenceEvent('user.online', entry, now))),
    );
    await feed.done();
  }
}

/** The same one whenever it is asked for. */
function lastOf(entries: readonly DevicePresence[]): DevicePresence {
  return entries.reduce((last, entry) => (entry.sessionId > last.sessionId ? entry : last));
}
