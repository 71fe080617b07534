import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock, UserId } from '@chasqui/domain';

/** The user, the address to confirm, and the device that registers it. */
export interface CheckedAddress {
  userId: UserId;
  deviceId: string;
  address: string;
}

/** A code is valid in the period in which it was made and in the next one: for 15 to 30 minutes, in ms. */
export const CODE_PERIOD_MS = 15 * 60_000;
/** Without letters that look like digits (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Of 5 bits each, so a code cannot be guessed while it is valid. */
const CHARACTERS = 10;

/**
 * Codes that are sent to an e-mail address to confirm its owner. Nothing is stored: a code is the signature of the data
 * it confirms and of its period, so every API process of an installation can check it.
 */
export class AddressCodes {
  readonly #secret: string;
  readonly #clock: Clock;

  constructor(secret: string, clock: Clock) {
    this.#secret = secret;
    this.#clock = clock;
  }

  /** As shown to users: two groups of five. */
  codeFor(checked: CheckedAddress): string {
    const code = this.#codeIn(this.#period(), checked);
    return `${code.slice(0, CHARACTERS / 2)}-${code.slice(CHARACTERS / 2)}`;
  }

  /** Accepts lower case, a missing hyphen, and O for 0. */
  isCodeFor(checked: CheckedAddress, typed: string): boolean {
    const code = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
    const period = this.#period();
    return [period, period - 1].some((one) => isSame(this.#codeIn(one, checked), code));
  }

  #period(): number {
    return Math.floor(this.#clock.now() / CODE_PERIOD_MS);
  }

  #codeIn(period: number, { userId, deviceId, address }: CheckedAddress): string {
    const signed = JSON.stringify(['e-mail address', userId, deviceId, address, period]);
    const bytes = createHmac('sha256', this.#secret).update(signed).digest();
    return Array.from(bytes.subarray(0, CHARACTERS), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
  }
}

function isSame(known: string, given: string): boolean {
  const [a, b] = [Buffer.from(known), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
