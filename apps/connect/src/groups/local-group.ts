import type { ConversationId, Interval } from '@chasqui/domain';
import type { Session } from '../sessions/session.ts';
import type { GroupFrame } from './group-frame.ts';

/** Frames on their way to the sessions of a group, which get them together. */
export interface Fanning {
  frames: readonly GroupFrame[];
  /** The sessions that are left. */
  rest: Iterator<[Session, Interval]>;
}

/** A group that has, or just had, sessions of members on this node. */
export class LocalGroup {
  readonly id: ConversationId;
  /** The members' sessions, each with the member's current stay. */
  readonly sessions = new Map<Session, Interval>();
  /** Frames that wait, in their order. */
  readonly waiting: GroupFrame[] = [];
  /** Those before them, which are being sent. */
  fanning: Fanning | null = null;
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
