import { type Clock, ImError, type NodeInfo } from '@chasqui/domain';

interface Lease {
  info: NodeInfo;
  /** Monotonic ms. */
  endsAt: number;
  /** End of the claim to recover the node, monotonic ms; 0: not claimed. */
  claimedUntil: number;
}

/** The nodes and their leases. */
export class NodeLeases {
  readonly #clock: Clock;
  readonly #maxNodes: number;
  readonly #leases = new Map<string, Lease>();

  constructor(clock: Clock, maxNodes: number) {
    this.#clock = clock;
    this.#maxNodes = maxNodes;
  }

  stands(nodeId: string): boolean {
    const lease = this.#leases.get(nodeId);
    return lease !== undefined && lease.endsAt > this.#clock.monotonic();
  }

  knows(nodeId: string): boolean {
    return this.#leases.has(nodeId);
  }

  /** Returns whether the lease was valid before. Errors: `presence_unavailable` at the bound. */
  renew(info: NodeInfo, leaseMs: number): boolean {
    const stood = this.stands(info.nodeId);
    if (this.full && !this.knows(info.nodeId)) {
      throw new ImError('presence_unavailable', `the node registry is full (${this.#maxNodes} nodes)`);
    }
    const endsAt = this.#clock.monotonic() + leaseMs;
    this.#leases.set(info.nodeId, { info: { ...info }, endsAt, claimedUntil: 0 });
    return stood;
  }

  get full(): boolean {
    return this.#leases.size >= this.#maxNodes;
  }

  forget(nodeId: string): void {
    this.#leases.delete(nodeId);
  }

  live(): NodeInfo[] {
    return this.#infos((lease, now) => lease.endsAt > now);
  }

  claimDead(claimMs: number): NodeInfo[] {
    const dead = this.#infos((lease, now) => lease.endsAt <= now && lease.claimedUntil <= now);
    for (const { nodeId } of dead) {
      const lease = this.#leases.get(nodeId);
      if (lease !== undefined) lease.claimedUntil = this.#clock.monotonic() + claimMs;
    }
    return dead;
  }

  /** The node that has been dead for longest. */
  longestDead(): string | undefined {
    const now = this.#clock.monotonic();
    let oldest: Lease | undefined;
    for (const lease of this.#leases.values()) {
      if (lease.endsAt <= now && (oldest === undefined || lease.endsAt < oldest.endsAt)) oldest = lease;
    }
    return oldest?.info.nodeId;
  }

  #infos(which: (lease: Lease, now: number) => boolean): NodeInfo[] {
    const now = this.#clock.monotonic();
    return [...this.#leases.values()].filter((lease) => which(lease, now)).map(({ info }) => ({ ...info }));
  }
}
