import type { Clock, Random, UserId } from '@chasqui/domain';
import type { ClientFrame } from '@chasqui/protocol';
import type { DurableState } from './durable-state.ts';
import type { Emitter } from './emitter.ts';
import type { ClientEvents } from './events.ts';
import type { ClientLimits } from './limits.ts';
import type { ShownMessages } from './shown-messages.ts';
import type { Timeline } from './timeline.ts';

/** What the parts of one client share. */
export interface Core {
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: ClientLimits;
  readonly emitter: Emitter<ClientEvents>;
  readonly timeline: Timeline;
  readonly durable: DurableState;
  readonly shown: ShownMessages;
  /** The user; empty before the first login. */
  userId: UserId | '';
  /** Counts sessions; 0 before the first. */
  connection: number;
  /** `maxContentBytes` of the server. */
  maxContentBytes: number;
  /** `maxSyncPage` of the server. */
  maxSyncPage: number;
  /** Sends a frame on the session. False: there is none, and the frame is not kept. */
  transmit(frame: ClientFrame): boolean;
}
