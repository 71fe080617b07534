import { ImError, type UserId } from '@chasqui/domain';
import type { Core } from './core.ts';

/** The maximum of users in one `presence_subscribe`. */
const MAX_USERS = 200;

/** The users whose presence the application watches; subscribed anew in each session. */
export class PresenceInterest {
  readonly #core: Core;
  #users: UserId[] = [];

  constructor(core: Core) {
    this.#core = core;
  }

  /** Replaces the former users. Errors: `invalid_request` beyond 200. */
  subscribe(users: readonly UserId[]): void {
    if (users.length > MAX_USERS)
      throw new ImError('invalid_request', `at most ${MAX_USERS} users`, { field: 'users' });
    this.#users = [...users];
    this.#core.transmit({ type: 'presence_subscribe', users: this.#users });
  }

  online(): void {
    if (this.#users.length > 0) this.#core.transmit({ type: 'presence_subscribe', users: this.#users });
  }
}
