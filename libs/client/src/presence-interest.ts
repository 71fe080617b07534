import { ImError, type UserId } from '@chasqui/domain';
import type { Core } from './core.ts';

/** The most users that one `presence_subscribe` takes. */
const MAX_USERS = 200;

/** Whose coming and going the application wants to know of; told to each session anew. */
export class PresenceInterest {
  readonly #core: Core;
  #users: UserId[] = [];

  constructor(core: Core) {
    this.#core = core;
  }

  /** In place of those asked for before. Errors: `invalid_request` beyond 200. */
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
