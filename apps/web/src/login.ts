import type { UserId } from '@chasqui/domain';
import { pageStorage } from './page-storage.ts';
import { storageKey } from './person.ts';
import { Store } from './store.ts';

/** The signed-in user with their tokens. */
export interface Login {
  userId: UserId;
  accessToken: string;
  refreshToken: string;
  /** Unix ms by this machine's clock. */
  expiresAt: number;
}

const KEY = storageKey('session');

/** Persists across page loads: kept in localStorage, and shared with the other pages of this browser. */
export class KeptLogin extends Store<Login | null> {
  constructor() {
    super(load());
    // Who signs in or out in another page does so here too.
    addEventListener('storage', () => {
      const login = load();
      if (login?.userId !== this.get()?.userId) super.set(login);
    });
  }

  /** Reads the stored login again: a refresh token works only once. */
  latest(): Login | null {
    super.set(load());
    return this.get();
  }

  override set(login: Login | null): void {
    if (login === null) pageStorage.remove(KEY);
    else pageStorage.set(KEY, JSON.stringify(login));
    super.set(login);
  }
}

/** A damaged login counts as absent. */
function load(): Login | null {
  try {
    const { userId, accessToken, refreshToken, expiresAt } = JSON.parse(pageStorage.get(KEY) ?? '{}');
    if (![userId, accessToken, refreshToken].every((text) => typeof text === 'string')) return null;
    return { userId, accessToken, refreshToken, expiresAt: Number(expiresAt) || 0 };
  } catch {
    return null;
  }
}
