import type { Client } from '@chasqui/client';
import type { MomentId, UserId } from '@chasqui/domain';
import type { Api } from '../api.ts';
import type { MomentsPage } from '../api-bodies.ts';
import { pageStorage } from '../page-storage.ts';
import type { PeopleApi } from '../people-api.ts';
import { storageKey } from '../person.ts';
import { Store } from '../store.ts';

/** What waits for the user behind a button, and comes by no live frame. */
export interface WaitingCounts {
  /** Requests of others to be the user's contact. */
  requests: number;
  /** Moments of others that were posted since the user last looked; counted up to `MOST`. */
  moments: number;
}

const LOOK_EVERY_MS = 60_000;
const MOST = 20;

/** Looks when the client is online and the page is visible, then once a minute. Without an answer, the counts stay. */
export class WaitingStore extends Store<WaitingCounts> {
  readonly #api: Api;
  readonly #people: PeopleApi;
  readonly #me: UserId;
  readonly #seenKey: string;

  constructor({ api, people, me }: { api: Api; people: PeopleApi; me: UserId }, client: Client, signal: AbortSignal) {
    super({ requests: 0, moments: 0 });
    this.#api = api;
    this.#people = people;
    this.#me = me;
    this.#seenKey = storageKey(`moments-seen.${me}`);
    const look = () => {
      if (client.state === 'online' && !document.hidden) void this.look();
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    const end = client.on('state', look);
    document.addEventListener('visibilitychange', look, { signal });
    signal.addEventListener('abort', () => {
      clearInterval(timer);
      end();
    });
  }

  async look(): Promise<void> {
    await Promise.all([this.#lookForRequests(), this.#lookForMoments()].map((done) => done.catch(() => undefined)));
  }

  /** The user has the newest moments on the screen. */
  momentsSeen(newest: MomentId | undefined): void {
    if (newest !== undefined) pageStorage.set(this.#seenKey, newest);
    this.set({ ...this.get(), moments: 0 });
  }

  async #lookForRequests(): Promise<void> {
    const { length: requests } = await this.#people.requests();
    this.set({ ...this.get(), requests });
  }

  async #lookForMoments(): Promise<void> {
    const { moments } = await this.#api.call<MomentsPage>('GET', `/api/moments?limit=${MOST}`);
    const seen = pageStorage.get(this.#seenKey);
    // What was there before the user came here for the first time is not news.
    if (seen === null) return this.momentsSeen(moments[0]?.momentId ?? ('' as MomentId));
    const fresh = moments.filter(({ momentId, author }) => momentId > seen && author !== this.#me);
    this.set({ ...this.get(), moments: fresh.length });
  }
}
