import type { ErrorCode, Random } from '@chasqui/domain';
import type { ServerFrame, UpdateFrame } from '@chasqui/protocol';
import type { ManualClock } from './manual-clock.ts';

/** One connection, as the world sees it. */
export interface WorldPeer {
  readonly user: string;
  readonly device: string;
  readonly node: number;
  /** `clientMessageId`s that were not refused. */
  readonly accepted: Set<string>;
  push(frame: ServerFrame): void;
  error(code: ErrorCode, ref?: string): void;
  end(code: number): void;
}

export interface Faults {
  /** Probability that a push to a socket is lost (its node was not reached). */
  lose: number;
  /** Probability that a push arrives twice. */
  repeat: number;
  /** Probability that the bus does not take a message in time; half of those are queued nevertheless. */
  bus: number;
  /** Probability that a resend finds no dedup hint and gets another id. */
  hint: number;
  /** Probability that a sync fails or ends early. */
  sync: number;
}

/** What a group needs of the world around it. */
export interface GroupWorld {
  readonly clock: ManualClock;
  readonly random: Random;
  readonly sessions: ReadonlySet<WorldPeer>;
  readonly faults: Faults;
  chance(probability: number): boolean;
  later(maxMs: number, what: () => void): void;
  append<T extends UpdateFrame>(user: string, update: T): T;
  push(user: string, frame: ServerFrame, except?: WorldPeer): void;
}
