import { createHash } from 'node:crypto';
import type { Clock } from '@chasqui/domain';
import type { TokenClaims } from '@chasqui/ports';

/** Maximum tokens remembered; the one verified longest ago is evicted first. */
const MAX_TOKENS = 10_000;
/** A token's signature is checked again after this time, so that a withdrawn key expires here. */
const TRUST_MS = 60_000;

/**
 * Claims of tokens whose signature was checked recently. Kept by digest, so that memory holds no usable token. The
 * caller checks a remembered token's expiry each time.
 */
export class VerifiedTokens {
  readonly #clock: Clock;
  readonly #entries = new Map<string, { claims: TokenClaims; checkedAt: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Tokens remembered, including those whose signature must be checked again. */
  get size(): number {
    return this.#entries.size;
  }

  get(token: string): TokenClaims | null {
    const key = digest(token);
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    if (this.#clock.monotonic() - entry.checkedAt < TRUST_MS) return entry.claims;
    this.#entries.delete(key);
    return null;
  }

  add(token: string, claims: TokenClaims): void {
    const key = digest(token);
    const now = this.#clock.monotonic();
    this.#entries.delete(key);
    this.#entries.set(key, { claims, checkedAt: now });
    // In the order in which they were checked.
    for (const [oldest, { checkedAt }] of this.#entries) {
      if (this.#entries.size <= MAX_TOKENS && now - checkedAt < TRUST_MS) break;
      this.#entries.delete(oldest);
    }
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
