import type { UserId } from '@chasqui/domain';
import { storageKey } from './person.ts';
import { Store } from './store.ts';

/** Who is signed in, with what proves it. */
export interface Login {
  userId: UserId;
  accessToken: string;
  refreshToken: string;
  /** Unix ms by this machine's clock. */
  expiresAt: number;
}

const KEY = storageKey('session');

/** Survives the page: kept in localStorage. */
export class KeptLogin extends Store<Login | null> {
  constructor() {
    super(load());
  }

  /** As it is by now: pages of one browser share a login, and a refresh token is good once. */
  latest(): Login | null {
    super.set(load());
    return this.get();
  }

  override set(login: Login | null): void {
    if (login === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(login));
    super.set(login);
  }
}

/** What is damaged counts as absent. */
function load(): Login | null {
  try {
    const { userId, accessToken, refreshToken, expiresAt } = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (![userId, accessToken, refreshToken].every((text) => typeof text === 'string')) return null;
    return { userId, accessToken, refreshToken, expiresAt: Number(expiresAt) || 0 };
  } catch {
    return null;
  }
}
