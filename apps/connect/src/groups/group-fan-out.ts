import type { Limits } from '@chasqui/domain';
import type { Session } from '../sessions/session.ts';
import type { GroupFrame } from './group-frame.ts';
import type { LocalGroup } from './local-group.ts';

/** Sends of all groups in one turn of the event loop; the rest waits for the next, behind other conversations' work. */
const SENDS_PER_TURN = 500;
/** Sends of one group before the next group has its turn. */
const SENDS_PER_GROUP = 100;
/** Senders on this node are refused at the bound; what other nodes send is dropped at this many times the bound. */
const DROP_AT = 2;

export interface GroupFanOutOptions {
  limits: Pick<Limits, 'maxGroupBacklog'>;
  /** Called with the number of sockets that took a frame. */
  pushed(count: number): void;
  /** A frame could not be written for a session; the gap in its positions heals it. */
  failed(session: Session, error: unknown): void;
}

/**
 * Sends frames to the sessions of groups, in slices (C23): groups take turns, and none holds up other conversations. A
 * group's frames keep their order on every socket. Whoever left a group gets nothing more, also of what waits.
 */
export class GroupFanOut {
  readonly #options: GroupFanOutOptions;
  readonly #active = new Set<LocalGroup>();
  #left = SENDS_PER_TURN;
  #isScheduled = false;

  constructor(options: GroupFanOutOptions) {
    this.#options = options;
  }

  /** Returns for how many sessions the frame is. */
  send(group: LocalGroup, frame: GroupFrame): number {
    const count = group.sessions.size;
    if (count === 0) return 0;
    if (group.backlog >= DROP_AT * this.#options.limits.maxGroupBacklog) {
      group.hasDropped = true;
      return 0;
    }
    group.frames.push({ frame, rest: null });
    group.backlog += count;
    this.#schedule();
    if (group.frames.length === 1) this.#work(group, this.#left);
    if (group.frames.length > 0) this.#active.add(group);
    return count;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isScheduled = false;
    this.#left = SENDS_PER_TURN;
    for (const group of this.#active) {
      if (this.#left <= 0) break;
      this.#active.delete(group);
      this.#work(group, Math.min(this.#left, SENDS_PER_GROUP));
      // Behind the others: the loop comes to it again.
      if (group.frames.length > 0) this.#active.add(group);
    }
    if (this.#active.size > 0) this.#schedule();
  }

  /** Makes at most this many sends of the group's frames. */
  #work(group: LocalGroup, most: number): void {
    let left = most;
    let pushed = 0;
    for (let first = group.frames[0]; first !== undefined && left > 0; first = group.frames[0]) {
      first.rest ??= group.sessions.entries();
      const { rest, frame } = first;
      let next = rest.next();
      for (; !next.done; next = rest.next()) {
        const [session, stay] = next.value;
        left--;
        if (this.#push(session, frame, !frame.isBefore(stay))) pushed++;
        if (left === 0) break;
      }
      if (!next.done) break;
      group.frames.shift();
    }
    this.#left -= most - left;
    group.backlog = group.frames.length * group.sessions.size;
    if (pushed > 0) this.#options.pushed(pushed);
    if (group.frames.length === 0 && group.hasDropped) this.#tell(group);
  }

  #push(session: Session, frame: GroupFrame, isSeen: boolean): boolean {
    if (!isSeen || session.isOver || session.state !== 'open' || session.sessionId === frame.exceptSession)
      return false;
    try {
      return session.connection.send(frame.in(session.subprotocol)) !== 'dropped';
    } catch (error) {
      this.#options.failed(session, error);
      return false;
    }
  }

  #tell(group: LocalGroup): void {
    group.hasDropped = false;
    for (const session of group.sessions.keys()) if (session.state === 'open') session.send({ type: 'sync_needed' });
  }
}
