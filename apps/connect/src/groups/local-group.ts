import type { ConversationId, Interval, Timer } from '@chasqui/domain';
import type { Session } from '../sessions/session.ts';
import type { GroupFrame } from './group-frame.ts';

/** A group that has, or just had, sessions of members on this node. */
export class LocalGroup {
  readonly id: ConversationId;
  /** The members' sessions, each with the member's current stay. */
  readonly sessions = new Map<Session, Interval>();
  /** Frames that wait, in their order. */
  readonly waiting: GroupFrame[] = [];
  /** Those before them, which are being sent: each session gets them together. `rest`: the sessions that are left. */
  sending: { frames: readonly GroupFrame[]; rest: Iterator<[Session, Interval]> } | null = null;
  /** Until it fires, what waits is not sent. */
  rest: Timer | null = null;
  /** About how many sends all of them are. */
  backlog = 0;
  /** Frames were dropped at the bound; the members are told once the others are sent. */
  hasDropped = false;
  /** Monotonic ms since which it has no sessions. */
  emptySince = 0;

  constructor(id: ConversationId) {
    this.id = id;
  }
}
