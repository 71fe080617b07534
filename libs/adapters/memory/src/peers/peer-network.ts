import { type Clock, DEFAULT_LIMITS, ImError, type Random } from '@chasqui/domain';
import type { Delivery, DeliveryHandler, PeerLink } from '@chasqui/ports';

export interface MemoryPeerNetworkOptions {
  clock: Clock;
  random: Random;
  /** Deadline of a call's answer, ms; default the peer deadline. */
  deadlineMs?: number;
  /** Maximum deliveries in flight from one process to one node. */
  maxWaiting?: number;
}

/** Faults of everything that is sent from now on. */
export interface LinkFaults {
  /** The probability that a batch, or its answer, is lost: 0 to 1. */
  dropRate: number;
  /** The delay of each direction, ms: random, from `minDelayMs` to `maxDelayMs`. */
  minDelayMs: number;
  maxDelayMs: number;
}

interface PeerNode {
  process: string;
  handler: DeliveryHandler;
}

/**
 * Peer links between processes that share one test process and one clock. Deliveries and answers are copies. Between
 * one process and one node they keep their order, whatever their delays; each arrives once or never.
 */
export interface MemoryPeerNetwork {
  faults: LinkFaults;
  /** The link of one process. */
  linkOf(process: string): PeerLink;
  /** `nodeId` takes deliveries in `process`, until the registration is disposed. */
  register(nodeId: string, process: string, handler: DeliveryHandler): Disposable;
  /** With `true`, everything that the two processes send each other is lost, until called with `false`. */
  partition(a: string, b: string, apart: boolean): void;
  /** A hanging node never answers. A dead node is simulated by not registering it. */
  hang(nodeId: string, hangs: boolean): void;
}

export function createMemoryPeerNetwork(options: MemoryPeerNetworkOptions): MemoryPeerNetwork {
  return new Network(options);
}

class Network implements MemoryPeerNetwork {
  faults: LinkFaults = { dropRate: 0, minDelayMs: 0, maxDelayMs: 0 };
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #deadlineMs: number;
  readonly #maxWaiting: number;
  readonly #nodes = new Map<string, PeerNode>();
  readonly #partitions = new Set<string>();
  readonly #hanging = new Set<string>();
  /** Monotonic ms at which the last item on each direction arrives: nothing overtakes it. */
  readonly #lastArrival = new Map<string, number>();

  constructor({
    clock,
    random,
    deadlineMs = DEFAULT_LIMITS.peerDeadlineMs,
    maxWaiting = 20_000,
  }: MemoryPeerNetworkOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#deadlineMs = deadlineMs;
    this.#maxWaiting = maxWaiting;
  }

  register(nodeId: string, process: string, handler: DeliveryHandler): Disposable {
    const node = { process, handler };
    this.#nodes.set(nodeId, node);
    return {
      [Symbol.dispose]: () => {
        if (this.#nodes.get(nodeId) === node) this.#nodes.delete(nodeId);
        for (const way of this.#lastArrival.keys()) {
          if (way.split(' ').includes(nodeId)) this.#lastArrival.delete(way);
        }
      },
    };
  }

  partition(a: string, b: string, apart: boolean): void {
    for (const way of [`${a} ${b}`, `${b} ${a}`]) {
      if (apart) this.#partitions.add(way);
      else this.#partitions.delete(way);
    }
  }

  hang(nodeId: string, hangs: boolean): void {
    if (hangs) this.#hanging.add(nodeId);
    else this.#hanging.delete(nodeId);
  }

  linkOf(process: string): PeerLink {
    const waiting = new Map<string, number>();
    const underWay = new Set<Promise<unknown>>();
    let disposed = false;
    return {
      deliver: async ({ nodeId }, deliveries) => {
        if (disposed) throw unavailable(nodeId, 'the peer link is closed');
        if (deliveries.length === 0) return [];
        const ahead = waiting.get(nodeId) ?? 0;
        if (ahead + deliveries.length > this.#maxWaiting)
          throw unavailable(nodeId, `too many deliveries wait for it (${ahead})`);
        waiting.set(nodeId, ahead + deliveries.length);
        const answer = this.#call(process, nodeId, deliveries);
        underWay.add(answer);
        try {
          return await answer;
        } finally {
          underWay.delete(answer);
          const left = (waiting.get(nodeId) ?? 0) - deliveries.length;
          if (left > 0) waiting.set(nodeId, left);
          else waiting.delete(nodeId);
        }
      },
      async [Symbol.asyncDispose]() {
        disposed = true;
        await Promise.allSettled(underWay);
      },
    };
  }

  #call(from: string, nodeId: string, deliveries: readonly Delivery[]): Promise<number[]> {
    return new Promise((resolve, reject) => {
      const late = () => reject(unavailable(nodeId, `no answer within ${this.#deadlineMs} ms`));
      const timer = this.#clock.after(this.#deadlineMs, late);
      const end = (finish: () => void) => {
        timer.cancel();
        finish();
      };
      const copies = deliveries.map(copyOf);
      this.#send(`${from} ${nodeId}`, from, this.#nodes.get(nodeId)?.process, () => {
        if (this.#hanging.has(nodeId)) return;
        const node = this.#nodes.get(nodeId);
        const outcome = node === undefined ? unavailable(nodeId, 'the node is gone') : handle(node, nodeId, copies);
        this.#send(`${nodeId} ${from}`, node?.process, from, () =>
          end(() => (outcome instanceof ImError ? reject(outcome) : resolve(outcome))),
        );
      });
    });
  }

  /** Runs `arrive` when the item arrives, if it does. An unknown process is reachable by all others. */
  #send(way: string, from: string | undefined, to: string | undefined, arrive: () => void): void {
    const { dropRate, minDelayMs, maxDelayMs } = this.faults;
    if (this.#partitions.has(`${from} ${to}`) || this.#random() < dropRate) return;
    const now = this.#clock.monotonic();
    const delay = minDelayMs + this.#random() * (maxDelayMs - minDelayMs);
    const arrival = Math.max(now + delay, this.#lastArrival.get(way) ?? 0);
    this.#lastArrival.set(way, arrival);
    this.#clock.after(arrival - now, arrive);
  }
}

function handle({ handler }: PeerNode, nodeId: string, deliveries: Delivery[]): number[] | ImError {
  try {
    return [...handler(deliveries)];
  } catch (error) {
    return unavailable(nodeId, 'it could not handle the batch', error);
  }
}

function copyOf(delivery: Delivery): Delivery {
  return delivery.watch === undefined ? { ...delivery } : { ...delivery, watch: { ...delivery.watch } };
}

function unavailable(nodeId: string, reason: string, cause?: unknown): ImError {
  return new ImError('peer_unavailable', `node ${nodeId}: ${reason}`, { peer: nodeId }, cause);
}
