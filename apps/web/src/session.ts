import type { UserId } from '@chasqui/domain';
import { storageKey } from './person.ts';
import { Store } from './store.ts';

/** Who is signed in, with what proves it. */
export interface Session {
  userId: UserId;
  accessToken: string;
  refreshToken: string;
  /** Unix ms by this machine's clock. */
  expiresAt: number;
}

const KEY = storageKey('session');

/** Survives the page: kept in localStorage. */
export class SessionStore extends Store<Session | null> {
  constructor() {
    super(load());
  }

  /** As it is by now: pages of one browser share a session, and a refresh token is good once. */
  latest(): Session | null {
    super.set(load());
    return this.get();
  }

  override set(session: Session | null): void {
    if (session === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(session));
    super.set(session);
  }
}

/** What is damaged counts as absent. */
function load(): Session | null {
  try {
    const { userId, accessToken, refreshToken, expiresAt } = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (![userId, accessToken, refreshToken].every((text) => typeof text === 'string')) return null;
    return { userId, accessToken, refreshToken, expiresAt: Number(expiresAt) || 0 };
  } catch {
    return null;
  }
}
