import type { BusDelivery } from '@chasqui/ports';

/** The outcome of a piece of work. `never`: it cannot succeed, with the reason. */
export type Outcome = { type: 'done' } | { type: 'failed' } | { type: 'never'; error: string };

/** Bus messages of one shard in flight at one member. The shard waits until they are settled, or the member is lost. */
export interface Work {
  shard: number;
  batch: readonly BusDelivery[];
  /** Takes effect once; later calls, and calls after the member was lost, are ignored. */
  settle(outcome: Outcome): void;
}

export interface MemberSpec {
  topic: string;
  group: string;
  /** The maximum of bus messages in one piece of work. */
  maxBatch: number;
  /** The maximum of concurrent pieces of work. */
  concurrency: number;
}

export interface Membership {
  /** Takes no more work; work in flight may still be settled. */
  retire(): void;
}

/** The source of work for members: the bus itself, or the link to it from another process. */
export interface Hub {
  attach(spec: MemberSpec, work: (work: Work) => void): Membership;
}
