import { ImError } from '@chasqui/domain';
import type { ApiSettings } from '../settings.ts';
import { hashPassword, matchesPassword } from './scrypt-hash.ts';

type PasswordSettings = Pick<ApiSettings, 'passwordCost' | 'maxHashing' | 'maxWaitingToHash'>;

/**
 * Hashes and checks passwords, a few at a time: each costs much memory and time on purpose, so a flood of log-ins waits
 * in a short queue and is then refused (`overloaded`) while everything else goes on.
 */
export class Passwords {
  readonly #settings: PasswordSettings;
  readonly #decoy: Promise<string>;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(settings: PasswordSettings) {
    this.#settings = settings;
    this.#decoy = hashPassword('nobody has this one', settings.passwordCost);
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hashPassword(password, this.#settings.passwordCost));
  }

  /** Null stands for an unknown user: false, after the same time, so that timing does not tell who exists. */
  matches(password: string, hash: string | null): Promise<boolean> {
    return this.#inTurn(async () => (await matchesPassword(password, hash ?? (await this.#decoy))) && hash !== null);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#settings.maxHashing) {
      if (this.#waiting.length >= this.#settings.maxWaitingToHash) {
        throw new ImError('overloaded', 'too many log-ins at once', { retryAfterMs: 1_000 });
      }
      // Whoever wakes us hands its place on, so `running` stays as it is.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
