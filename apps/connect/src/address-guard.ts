import type { Clock, Limits } from '@chasqui/domain';
import { networkOf } from '@chasqui/kit';
import { TokenBucket } from './token-bucket.ts';

export interface AddressGuardOptions {
  clock: Clock;
  limits: Pick<Limits, 'maxConnectionsPerAddress' | 'failedLoginsPerSecond' | 'failedLoginBurst'>;
}

/** Addresses with failed log-ins that are remembered (C16): the one whose first failure is longest ago goes first, and counts as new. */
const MAX_FAILING = 50_000;

/** Counts what each client address takes of this node: its connections, and its log-ins that fail. */
export class AddressGuard {
  readonly #options: AddressGuardOptions;
  /** As many as there are connections at most. */
  readonly #connections = new Map<string, number>();
  readonly #failing = new Map<string, { bucket: TokenBucket; closedUntil: number }>();

  constructor(options: AddressGuardOptions) {
    this.#options = options;
  }

  /** False: the address has its share already, and this one does not count. */
  open(address: string): boolean {
    const network = networkOf(address);
    const open = this.#connections.get(network) ?? 0;
    if (open >= this.#options.limits.maxConnectionsPerAddress) return false;
    this.#connections.set(network, open + 1);
    return true;
  }

  /** One that was open is gone. */
  closed(address: string): void {
    const network = networkOf(address);
    const open = this.#connections.get(network) ?? 0;
    if (open > 1) this.#connections.set(network, open - 1);
    else this.#connections.delete(network);
  }

  /** Ms until log-ins from there are looked at again; 0: now. */
  waitMs(address: string): number {
    const { closedUntil = 0 } = this.#failing.get(networkOf(address)) ?? {};
    return Math.max(0, closedUntil - this.#options.clock.monotonic());
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
    if (this.#failing.size <= MAX_FAILING) return;
    const [oldest] = this.#failing.keys();
    if (oldest !== undefined) this.#failing.delete(oldest);
  }
}
