import type { Clock, Random, UserId } from '@chasqui/domain';
import type { ClientFrame } from '@chasqui/protocol';
import type { DurableState } from './durable-state.ts';
import type { Emitter } from './emitter.ts';
import type { ClientEvents } from './events.ts';
import type { ClientLimits } from './limits.ts';
import type { ShownMessages } from './shown-messages.ts';
import type { Timeline } from './timeline.ts';

/** The state and services that all parts of one client share. */
export interface Core {
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: ClientLimits;
  readonly emitter: Emitter<ClientEvents>;
  readonly timeline: Timeline;
  readonly durable: DurableState;
  readonly shown: ShownMessages;
  /** Whether the token comes from a function, so that an expired one ends no session for good. */
  readonly renewsToken: boolean;
  /** The user; empty before the first login. */
  userId: UserId | '';
  /** The number of the current session, from 1; 0 before the first. */
  connection: number;
  /** `maxContentBytes` of the server. */
  maxContentBytes: number;
  /** `maxSyncPage` of the server. */
  maxSyncPage: number;
  /** Sends a frame on the session. Returns false when there is none; the frame is then dropped. */
  transmit(frame: ClientFrame): boolean;
}
