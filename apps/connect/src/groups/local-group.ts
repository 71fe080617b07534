import type { ConversationId, Interval } from '@chasqui/domain';
import type { Session } from '../sessions/session.ts';
import type { GroupFrame } from './group-frame.ts';

/** A frame on its way to the sessions of a group. */
export interface Fanning {
  frame: GroupFrame;
  /** The sessions that are left; null: it has not begun. */
  rest: Iterator<[Session, Interval]> | null;
}

/** A group that has, or just had, sessions of members on this node. */
export class LocalGroup {
  readonly id: ConversationId;
  /** The members' sessions, each with the member's current stay. */
  readonly sessions = new Map<Session, Interval>();
  /** Frames in their order, the first of which is being sent. */
  readonly frames: Fanning[] = [];
  /** How many sends the frames were, when they came. */
  backlog = 0;
  /** Frames were dropped at the bound; the members are told once the others are sent. */
  hasDropped = false;
  /** Monotonic ms since which it has no sessions. */
  emptySince = 0;

  constructor(id: ConversationId) {
    this.id = id;
  }
}
