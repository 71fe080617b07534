import type { Limits } from '@chasqui/domain';
import type { Session } from '../sessions/session.ts';
import type { GroupFrame } from './group-frame.ts';
import type { LocalGroup } from './local-group.ts';

/** Sends of all groups in one turn of the event loop; the rest waits for the next, behind other conversations' work. */
const SENDS_PER_TURN = 500;
/** Sends of one group before the next group has its turn. */
const SENDS_PER_GROUP = 100;
/**
 * Frames that a session gets together. Nearly all that a send costs is its system call, which they share: with four, a
 * frame costs 1.8 µs instead of 6 (the engine's own publish and subscribe: 1.6 and 5.5).
 */
const FRAMES_AT_ONCE = 16;
/** Senders on this node are refused at the bound; what other nodes send is dropped at this many times the bound. */
const DROP_AT = 2;

export interface GroupDeliveriesOptions {
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
export class GroupDeliveries {
  readonly #options: GroupDeliveriesOptions;
  readonly #active = new Set<LocalGroup>();
  #left = SENDS_PER_TURN;
  #isScheduled = false;

  constructor(options: GroupDeliveriesOptions) {
    this.#options = options;
  }

  /** About how many sends wait, of all groups. */
  get waiting(): number {
    let sum = 0;
    for (const { backlog } of this.#active) sum += backlog;
    return sum;
  }

  /** Returns for how many sessions the frame is. */
  send(group: LocalGroup, frame: GroupFrame): number {
    const count = group.sessions.size;
    if (count === 0) return 0;
    if (group.backlog >= DROP_AT * this.#options.limits.maxGroupBacklog) {
      group.hasDropped = true;
      return 0;
    }
    group.waiting.push(frame);
    group.backlog += count;
    this.#schedule();
    if (!this.#active.has(group) && !this.#work(group, this.#left)) this.#active.add(group);
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
      const isDone = this.#work(group, Math.min(this.#left, SENDS_PER_GROUP));
      // Behind the others: the loop comes to it again.
      if (!isDone) this.#active.add(group);
    }
    if (this.#active.size > 0) this.#schedule();
  }

  /** Makes about this many sends of the group's frames. Returns whether none are left. */
  #work(group: LocalGroup, most: number): boolean {
    let left = most;
    let pushed = 0;
    while (left > 0 && (group.sending !== null || group.waiting.length > 0)) {
      group.sending ??= { frames: group.waiting.splice(0, FRAMES_AT_ONCE), rest: group.sessions.entries() };
      const { frames, rest } = group.sending;
      const next = rest.next();
      if (next.done) {
        group.sending = null;
        continue;
      }
      const [session, stay] = next.value;
      for (const frame of frames) if (!frame.isBefore(stay) && this.#push(session, frame)) pushed++;
      left -= frames.length;
    }
    this.#left -= most - left;
    const isDone = group.sending === null && group.waiting.length === 0;
    group.backlog = isDone ? 0 : ((group.sending?.frames.length ?? 0) + group.waiting.length) * group.sessions.size;
    if (pushed > 0) this.#options.pushed(pushed);
    if (isDone && group.hasDropped) this.#tell(group);
    return isDone;
  }

  #push(session: Session, frame: GroupFrame): boolean {
    if (session.isOver || session.state !== 'open' || session.sessionId === frame.exceptSession) return false;
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
