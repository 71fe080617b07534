import type { BusDelivery } from '@chasqui/ports';

/** What became of handed-out work. `never`: it cannot succeed, and why. */
export type Outcome = { type: 'done' } | { type: 'failed' } | { type: 'never'; error: string };

/** Bus messages of one shard in one member's hands. The shard waits until they are settled, or their member is lost. */
export interface Work {
  shard: number;
  batch: readonly BusDelivery[];
  /** Once; later calls, and calls after the member was lost, do nothing. */
  settle(outcome: Outcome): void;
}

export interface MemberSpec {
  topic: string;
  group: string;
  /** Bus messages in one piece of work, at most. */
  maxBatch: number;
  /** Pieces of work at once, at most. */
  concurrency: number;
}

export interface Membership {
  /** Takes no more work; what is in hand may still be settled. */
  retire(): void;
}

/** Where members come for work: the bus itself, or the way to it from another process. */
export interface Hub {
  attach(spec: MemberSpec, work: (work: Work) => void): Membership;
}
