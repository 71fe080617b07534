import type { Clock, NodeInfo } from '@chasqui/domain';
import type { Delivery, DeliveryHandler, PeerLink } from '@chasqui/ports';
import { afterEach } from 'vitest';

export type PeerTarget = Pick<NodeInfo, 'nodeId' | 'peerAddress'>;

/** One process with a link, and the nodes that a test starts. */
export interface PeerWorld extends AsyncDisposable {
  link: PeerLink;
  /** Listens at the given address, or a free one. */
  startNode(nodeId: string, handler: DeliveryHandler, peerAddress?: string): Promise<PeerTarget & AsyncDisposable>;
  /** A node that accepts connections and deliveries and never answers. */
  startSilent(nodeId: string): Promise<PeerTarget>;
  clock: Clock;
  /** Lets the link's time pass. */
  advance(ms: number): Promise<void>;
  deadlineMs: number;
  /** Deliveries that may wait for one node. */
  maxWaiting: number;
}

export interface PeerHarness {
  create(): Promise<PeerWorld>;
}

export interface PeerFixture {
  /** A new one, disposed after the test. */
  world(): Promise<PeerWorld>;
}

export function peerFixture(harness: PeerHarness): PeerFixture {
  const worlds: PeerWorld[] = [];
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world[Symbol.asyncDispose]();
  });
  return {
    async world() {
      const world = await harness.create();
      worlds.push(world);
      return world;
    },
  };
}

/** The promise's outcome; lets the link's time pass until it settles. */
export async function outcomeOf<T>({ advance }: PeerWorld, promise: Promise<T>): Promise<T> {
  let over = false;
  const end = () => {
    over = true;
  };
  promise.then(end, end);
  while (!over) await advance(1);
  return promise;
}

/** A delivery that a test can recognize. */
export function chat(n: number): Delivery {
  return { userId: 'bob', frame: JSON.stringify({ n }) };
}

/** Answers each `chat(n)` with n. */
export function echoCounts(deliveries: readonly Delivery[]): number[] {
  return deliveries.map(({ frame }) => (JSON.parse(frame) as { n: number }).n);
}
