import { BoundedMap, type Clock } from '@chasqui/domain';
import type { Keys } from './keys.ts';
import { STANDING } from './node-scripts.ts';
import type { RedisLink } from './redis-link.ts';

/** How long an incarnation is assumed dead after its lease ended, milliseconds: a lapsed node registers again. */
const ENDED_MS = 1_000;
/** Maximum dead incarnations remembered (C16). */
const MAX_ENDED = 10_000;

/** Identifies a node's lease as an entry knows it. */
export interface LeaseOf {
  nodeId: string;
  incarnation: string;
}

/**
 * Caches which leases are valid, so that not every lookup asks the server. The server tells the remaining milliseconds
 * of each lease, which are counted on this machine's monotonic clock from before the request was sent. So a lease is
 * never assumed valid for longer than it is, no clocks of two machines are compared, and an expired lease is read
 * again.
 */
export class LeaseView {
  readonly #link: RedisLink;
  readonly #keys: Keys;
  readonly #clock: Clock;
  /** Node → end of its lease unless renewed, monotonic ms. */
  #standing = new Map<string, number>();
  /** Node and incarnation → until when it is assumed dead, monotonic ms. */
  readonly #ended = new BoundedMap<string, number>(MAX_ENDED);
  #asking: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(link: RedisLink, keys: Keys, clock: Clock) {
    this.#link = link;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** Whether each lease is valid, as of this call or later. Errors: `presence_unavailable`. */
  async stand(leases: readonly LeaseOf[]): Promise<boolean[]> {
    const known = leases.map((lease) => this.#known(lease));
    if (!known.includes(undefined)) return known as boolean[];
    await this.#ask();
    return leases.map((lease, index) => known[index] ?? this.#learned(lease));
  }

  #known({ nodeId, incarnation }: LeaseOf): boolean | undefined {
    const now = this.#clock.monotonic();
    if ((this.#standing.get(nodeId) ?? 0) > now) return true;
    return (this.#ended.get(`${nodeId} ${incarnation}`) ?? 0) > now ? false : undefined;
  }

  #learned({ nodeId, incarnation }: LeaseOf): boolean {
    const now = this.#clock.monotonic();
    if ((this.#standing.get(nodeId) ?? 0) > now) return true;
    // An entry may be registered before its node's first renewal: only a known incarnation can have ended.
    if (incarnation !== '') this.#ended.set(`${nodeId} ${incarnation}`, now + ENDED_MS);
    return false;
  }

  /** Reads in a request sent from now on: the answer to one in flight may be older than this call. */
  #ask(): Promise<void> {
    if (this.#asking === null) return this.#start();
    this.#next ??= this.#asking.then(
      () => this.#start(),
      () => this.#start(),
    );
    return this.#next;
  }

  #start(): Promise<void> {
    this.#next = null;
    const asking = this.#read().finally(() => {
      if (this.#asking === asking) this.#asking = null;
    });
    this.#asking = asking;
    return asking;
  }

  async #read(): Promise<void> {
    const askedAt = this.#clock.monotonic();
    const found = await this.#link.call((client) => STANDING(client, [this.#keys.leases, this.#keys.seen], []));
    const standing = new Map<string, number>();
    for (let i = 0; i + 1 < found.length; i += 2) standing.set(String(found[i]), askedAt + Number(found[i + 1]));
    this.#standing = standing;
  }
}
