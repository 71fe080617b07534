import { ImError, type UserId } from '@chasqui/domain';
import type { Core } from '../core.ts';

/** The maximum of users in one `presence_subscribe`. */
export const MAX_WATCHED = 200;

/** Errors: `invalid_request` beyond the maximum. */
export function checkWatched({ length }: readonly UserId[]): void {
  if (length > MAX_WATCHED) throw new ImError('invalid_request', `at most ${MAX_WATCHED} users`, { field: 'users' });
}

/** The users whose presence the application watches; subscribed anew in each session. */
export class PresenceInterest {
  readonly #core: Core;
  #users: UserId[] = [];

  constructor(core: Core) {
    this.#core = core;
  }

  /** Replaces the former users. Errors: `invalid_request` beyond 200. */
  subscribe(users: readonly UserId[]): void {
    checkWatched(users);
    this.#users = [...users];
    this.#core.transmit({ type: 'presence_subscribe', users: this.#users });
  }

  online(): void {
    if (this.#users.length > 0) this.#core.transmit({ type: 'presence_subscribe', users: this.#users });
  }
}
