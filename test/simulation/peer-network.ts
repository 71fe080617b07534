import { type Clock, ImError, type NodeInfo, type Random } from '@chasqui/domain';
import type { Delivery, DeliveryHandler, PeerLink } from '@chasqui/ports';
import type { Mortal } from './mortal.ts';
import { Wire } from './wire.ts';

interface Peer {
  process: Mortal;
  /** Deliveries to an earlier process at the same address are refused. */
  nodeId: string;
  deliver: DeliveryHandler;
}

/** How a link between two processes fails: it loses requests, or answers. */
export type LinkFault = 'requests' | 'answers';

/** The links over which Connect and Business processes deliver to Connect nodes. */
export class PeerNetwork {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #deadlineMs: number;
  readonly #peers = new Map<string, Peer>();
  readonly #faults = new Map<string, LinkFault>();
  readonly #wires = new Map<string, Wire>();

  constructor(clock: Clock, random: Random, deadlineMs: number) {
    this.#clock = clock;
    this.#random = random;
    this.#deadlineMs = deadlineMs;
  }

  listen(address: string, peer: Peer): void {
    this.#peers.set(address, peer);
  }

  /** `from` and `to` are names of places, which outlive their processes. */
  fault(from: string, to: string, fault: LinkFault): void {
    this.#faults.set(`${from} ${to}`, fault);
  }

  mend(from: string, to: string): void {
    this.#faults.delete(`${from} ${to}`);
  }

  heal(): void {
    this.#faults.clear();
  }

  /** The links of one process, which runs at the place `from`. */
  linkFrom(from: string, process: Mortal): PeerLink {
    return {
      deliver: (node, deliveries) => this.#deliver(from, process, node, structuredClone([...deliveries])),
      async [Symbol.asyncDispose]() {},
    };
  }

  #deliver(
    from: string,
    process: Mortal,
    { nodeId, peerAddress }: Pick<NodeInfo, 'nodeId' | 'peerAddress'>,
    deliveries: Delivery[],
  ): Promise<number[]> {
    const { promise, resolve, reject } = Promise.withResolvers<number[]>();
    const late = (text: string) => reject(new ImError('peer_unavailable', `${nodeId} ${text}`));
    const timer = process.clock.after(this.#deadlineMs, () => late('does not answer'));
    const answer = (action: () => void) => {
      timer.cancel();
      action();
    };
    const peer = this.#peers.get(peerAddress);
    const fault = this.#faults.get(`${from} ${peerAddress}`);
    if (peer === undefined || !peer.process.alive || peer.nodeId !== nodeId) {
      this.#clock.after(this.#delayMs(), () => process.enter(() => answer(() => late('is not there'))));
      return promise;
    }
    if (fault === 'requests') return promise;
    this.#wire(`${process.name} ${peer.process.name}`, peer.process).carry(0, () => {
      const counts = peer.deliver(deliveries);
      if (fault === 'answers') return;
      this.#wire(`${peer.process.name} ${process.name} answers`, process).carry(0, () => answer(() => resolve(counts)));
    });
    return promise;
  }

  #wire(name: string, to: Mortal): Wire {
    let wire = this.#wires.get(name);
    if (wire === undefined) {
      wire = new Wire(this.#clock, to, () => this.#delayMs());
      this.#wires.set(name, wire);
    }
    return wire;
  }

  #delayMs(): number {
    const roll = this.#random();
    return roll < 0.98 ? 0.2 + roll * 2 : 50 + (roll - 0.98) * 10_000;
  }
}
