import { BoundedMap, type Clock, type ConversationId } from '@chasqui/domain';
import { TokenBucket } from './token-bucket.ts';

/** How many groups' rates are remembered (C16). The least recently used counts as new afterwards. */
const MAX_RATES = 20_000;

/** What each group may have of one thing through this node (C23). */
export class GroupRates {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #buckets = new BoundedMap<ConversationId, TokenBucket>(MAX_RATES);

  constructor(clock: Clock, perSecond: number, burst: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  /** Takes one; 0: it may be had. Else nothing was taken, and it may be had after so many ms. */
  waitMs(group: ConversationId): number {
    const now = this.#clock.monotonic();
    let bucket = this.#buckets.use(group);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#perSecond, this.#burst, now);
      this.#buckets.set(group, bucket);
    }
    return bucket.take(now);
  }
}
