import type { Client } from '@chasqui/client';
import { isUserId, type UserId } from '@chasqui/domain';
import { Store } from '../store.ts';

/** The most users whose presence one session may watch. */
const MAX_WATCHED = 200;

/** The watched users who are online. Empty while this device is offline. */
export class PresenceStore extends Store<ReadonlySet<UserId>> {
  readonly #client: Client;
  #watched = '';

  constructor(client: Client, signal: AbortSignal) {
    super(new Set());
    this.#client = client;
    const ends = [
      client.on('presence', ({ userId, online }) => {
        if (online === this.get().has(userId)) return;
        const next = new Set(this.get());
        if (online) next.add(userId);
        else next.delete(userId);
        this.set(next);
      }),
      client.on('state', ({ state }) => state !== 'online' && this.set(new Set())),
    ];
    signal.addEventListener('abort', () => {
      for (const end of ends) end();
    });
  }

  /** Replaces the watched users; takes the first 200. */
  watch(users: readonly UserId[]): void {
    const watched = [...new Set(users)].filter(isUserId).slice(0, MAX_WATCHED);
    const key = watched.toSorted().join();
    if (key === this.#watched) return;
    this.#watched = key;
    this.#client.subscribePresence(watched);
  }
}
