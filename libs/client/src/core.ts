import type { Clock, MessageId, Random, UserId } from '@chasqui/domain';
import type { ClientFrame, ServerFrameOf } from '@chasqui/protocol';
import type { Emitter } from './basics/emitter.ts';
import type { ShownMessages } from './conversations/shown-messages.ts';
import type { GroupEvents } from './events.ts';
import type { ClientLimits } from './limits.ts';
import type { PartLimits } from './part-limits.ts';
import type { GroupSupport } from './parts.ts';
import type { DurableState } from './storing/durable-state.ts';
import type { Timeline } from './timeline/timeline.ts';

/** What the receiving side tells the sending side. */
export interface OwnMessages {
  /** Whether this is a message of this device that is not known to be stored. */
  isUnstored(frame: ServerFrameOf<'chat'>): boolean;
  /** Such a message is in its log, or came live through a resend's push. */
  cameBack(frame: ServerFrameOf<'chat'>): void;
  receipt(frame: ServerFrameOf<'receipt'>): void;
}

/** The state and services that all parts of one client share. */
export interface Core {
  readonly clock: Clock;
  readonly random: Random;
  /** Of `PART_LIMITS` only what the application has changed: the parts have the rest. */
  readonly limits: Omit<ClientLimits, keyof PartLimits> & Partial<PartLimits>;
  readonly emitter: Emitter<GroupEvents>;
  readonly timeline: Timeline;
  readonly durable: DurableState;
  readonly shown: ShownMessages;
  readonly sender: OwnMessages;
  /** What parts are told of, if the client has them. */
  recalls?: { done(messageId: MessageId): void } | undefined;
  actions?: { told(frame: ServerFrameOf<'action'>): void; lacks(frame: ServerFrameOf<'action'>): boolean } | undefined;
  /** Undefined: what happens in groups is passed over. */
  readonly groups: GroupSupport | undefined;
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
