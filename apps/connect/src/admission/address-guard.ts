import { BoundedMap, type Clock, type Limits } from '@chasqui/domain';
import { networkOf } from '@chasqui/kit';
import { TokenBucket } from './token-bucket.ts';
import { CONNECTION, FIRST_FRAME } from './work-costs.ts';

export interface AddressGuardOptions {
  clock: Clock;
  limits: Pick<
    Limits,
    | 'maxConnectionsPerAddress'
    | 'failedLoginsPerSecond'
    | 'failedLoginBurst'
    | 'anonymousWorkPerSecond'
    | 'anonymousWorkBurst'
  >;
}

/**
 * How many addresses with failed log-ins are remembered (C16). The address whose last failure is oldest is evicted
 * first and counts as new afterwards.
 */
const MAX_FAILING = 50_000;
/**
 * How many addresses with work before a log-in are remembered (C16). The oldest is evicted first and counts as new
 * afterwards.
 */
const MAX_WORKED_FOR = 50_000;

/** Counts what each client address uses of this node: connections, work before a log-in, and failed log-ins. */
export class AddressGuard {
  readonly #options: AddressGuardOptions;
  /** At most one entry per connection. */
  readonly #connections = new Map<string, number>();
  readonly #work = new BoundedMap<string, TokenBucket>(MAX_WORKED_FOR);
  readonly #failing = new BoundedMap<string, { bucket: TokenBucket; closedUntil: number }>(MAX_FAILING);

  constructor(options: AddressGuardOptions) {
    this.#options = options;
  }

  /** Returns false if the address already has its share of connections; this connection is then not counted. */
  open(address: string): boolean {
    const network = networkOf(address);
    const open = this.#connections.get(network) ?? 0;
    if (open >= this.#options.limits.maxConnectionsPerAddress || this.#workWaitMs(network) > 0) return false;
    this.#spend(network, CONNECTION);
    this.#connections.set(network, open + 1);
    return true;
  }

  /** A counted connection has closed. */
  closed(address: string): void {
    const network = networkOf(address);
    const open = this.#connections.get(network) ?? 0;
    if (open > 1) this.#connections.set(network, open - 1);
    else this.#connections.delete(network);
  }

  /** Ms until log-ins from this address are checked again; 0: now. */
  waitMs(address: string): number {
    const network = networkOf(address);
    const { closedUntil = 0 } = this.#failing.get(network) ?? {};
    return Math.max(0, closedUntil - this.#options.clock.monotonic(), this.#workWaitMs(network));
  }

  /** A frame arrived from this address on a connection that is not logged in. `units`: the cost of the frame's size. */
  frame(address: string, units: number): void {
    this.#spend(networkOf(address), FIRST_FRAME + units);
  }

  /**
   * A connection from this address has logged in. Its user pays for its work from now on, and the address may open
   * others.
   */
  loggedIn(address: string): void {
    this.#spend(networkOf(address), -CONNECTION - FIRST_FRAME);
  }

  /** Forgets addresses whose budget is full again. */
  sweep(): void {
    const now = this.#options.clock.monotonic();
    for (const [network, bucket] of this.#work) if (bucket.isFull(now)) this.#work.delete(network);
  }

  failed(address: string): void {
    const { clock, limits } = this.#options;
    const now = clock.monotonic();
    const network = networkOf(address);
    const known = this.#failing.get(network) ?? {
      bucket: new TokenBucket(limits.failedLoginsPerSecond, limits.failedLoginBurst, now),
      closedUntil: 0,
    };
    this.#failing.set(network, known);
    known.closedUntil = now + known.bucket.take(now);
  }

  #workWaitMs(network: string): number {
    return this.#work.get(network)?.waitMs(this.#options.clock.monotonic(), 1) ?? 0;
  }

  #spend(network: string, units: number): void {
    const { clock, limits } = this.#options;
    const now = clock.monotonic();
    let bucket = this.#work.get(network);
    if (bucket === undefined) {
      bucket = new TokenBucket(limits.anonymousWorkPerSecond, limits.anonymousWorkBurst, now);
      this.#work.set(network, bucket);
    }
    bucket.spend(now, units);
  }
}
