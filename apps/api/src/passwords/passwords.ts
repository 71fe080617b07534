import type { Clock } from '@chasqui/domain';
import { type Asker, FairQueue } from '../http/fair-queue.ts';
import type { ApiSettings } from '../settings.ts';
import { hashPassword, matchesPassword } from './scrypt-hash.ts';

type PasswordSettings = Pick<
  ApiSettings,
  'passwordCost' | 'maxHashing' | 'maxWaitingToHash' | 'maxWaitingToHashPerAddress' | 'maxHashingWaitMs'
>;

/**
 * Hashes and checks passwords, a few in parallel. Each hash costs much memory and time on purpose. So a flood of
 * log-ins waits in a short queue, one line for each address, and is then refused (`overloaded`), while everything else
 * continues.
 */
export class Passwords {
  readonly #settings: PasswordSettings;
  readonly #queue: FairQueue;
  readonly #decoy: Promise<string>;

  constructor(settings: PasswordSettings, clock: Clock) {
    this.#settings = settings;
    this.#queue = new FairQueue(
      {
        max: settings.maxHashing,
        maxWaiting: settings.maxWaitingToHash,
        maxWaitingEach: settings.maxWaitingToHashPerAddress,
        maxWaitMs: settings.maxHashingWaitMs,
        firstGuessMs: 300,
        refusal: 'too many log-ins at once',
      },
      clock,
    );
    this.#decoy = hashPassword('nobody has this one', settings.passwordCost);
  }

  /** Errors: `overloaded`. */
  hash(password: string, asker: Asker): Promise<string> {
    return this.#queue.run(asker, () => hashPassword(password, this.#settings.passwordCost));
  }

  /**
   * A null hash stands for an unknown user: returns false after the same time, so that timing does not reveal which
   * users exist. Errors: `overloaded`.
   */
  matches(password: string, hash: string | null, asker: Asker): Promise<boolean> {
    return this.#queue.run(asker, async () => {
      const matches = await matchesPassword(password, hash ?? (await this.#decoy));
      return matches && hash !== null;
    });
  }
}
