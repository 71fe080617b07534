import type { Clock, Limits } from '@chasqui/domain';
import type { Session } from '../sessions/session.ts';
import type { GroupFrame } from './group-frame.ts';
import type { LocalGroup } from './local-group.ts';

/**
 * What a write to a socket costs at least, and each frame in it, in µs: nearly all is the system call, which the frames
 * of one session share. (The engine's own publish and subscribe costs the same.)
 */
const WRITE_US = 6;
const FRAME_US = 0.3;
/** Groups of so many sessions are written to by the clock: a slow machine, or a slow kernel, needs more for a write. */
const BY_CLOCK = 32;
/** Work for all groups in one turn of the event loop, µs; the rest waits for the next, behind other conversations. */
const TURN_US = 400;
/** Work for one group before the next group has its turn, µs. */
const GROUP_US = 100;
/** A group's sessions are written to so often that it makes this many writes a ms, and no group rests longer, ms. */
const WRITES_PER_MS = 5;
const LONGEST_REST_MS = 100;
/** Rests shorter than this are left out, ms. */
const SHORTEST_REST_MS = 2;
/** Frames that a session gets together, at most: when so many wait, the group rests no longer. */
const FRAMES_AT_ONCE = 32;
/** Senders on this node are refused at the bound; what other nodes send is dropped at this many times the bound. */
const DROP_AT = 2;

export interface GroupDeliveriesOptions {
  limits: Pick<Limits, 'maxGroupBacklog'>;
  clock: Pick<Clock, 'monotonic' | 'after'>;
  /** Called with the number of sockets that took a frame. */
  pushed(count: number): void;
  /** A frame could not be written for a session; the gap in its positions heals it. */
  failed(session: Session, error: unknown): void;
}

/**
 * Sends frames to the sessions of groups, in slices (C23): groups take turns, and none holds up other conversations. A
 * frame after a quiet time is sent at once; then a group of many sessions rests, and what comes meanwhile is one write
 * for each session. A group's frames keep their order on every socket. Whoever left a group gets nothing more, also of
 * what waits.
 */
export class GroupDeliveries {
  readonly #options: GroupDeliveriesOptions;
  /** Groups in the midst of their sessions. */
  readonly #active = new Set<LocalGroup>();
  #waiting = 0;
  #leftUs = TURN_US;
  #isScheduled = false;

  constructor(options: GroupDeliveriesOptions) {
    this.#options = options;
  }

  /** About how many sends wait, of all groups. */
  get waiting(): number {
    return this.#waiting;
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
    this.#setBacklog(group, group.backlog + count);
    this.#start(group);
    return count;
  }

  /** Begins with what waits for the group, unless that is under way, or is to be sent later. */
  #start(group: LocalGroup): void {
    if (this.#active.has(group) || this.#isResting(group)) return;
    this.#schedule();
    if (!this.#work(group, this.#leftUs)) this.#active.add(group);
  }

  #isResting(group: LocalGroup): boolean {
    if (group.rest !== null && group.waiting.length < FRAMES_AT_ONCE) return true;
    group.rest?.cancel();
    group.rest = null;
    return false;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isScheduled = false;
    this.#leftUs = TURN_US;
    for (const group of this.#active) {
      if (this.#leftUs <= 0) break;
      this.#active.delete(group);
      const isDone = this.#work(group, Math.min(this.#leftUs, GROUP_US));
      // Behind the others: the loop comes to it again.
      if (!isDone) this.#active.add(group);
    }
    if (this.#active.size > 0) this.#schedule();
  }

  /** Works for about so many µs on the group's frames. Returns whether it has none for now. */
  #work(group: LocalGroup, mostUs: number): boolean {
    const { clock } = this.#options;
    const startedAt = group.sessions.size < BY_CLOCK ? null : clock.monotonic();
    let leftUs = mostUs;
    let pushed = 0;
    while (leftUs > 0) {
      const { frames, rest } = group.sending ?? this.#next(group) ?? {};
      if (frames === undefined || rest === undefined) break;
      const next = rest.next();
      if (next.done) {
        group.sending = null;
        continue;
      }
      const [session, stay] = next.value;
      for (const frame of frames) if (!frame.isBefore(stay) && this.#push(session, frame)) pushed++;
      leftUs -= WRITE_US + FRAME_US * frames.length;
      if (startedAt === null) continue;
      session.connection.flush();
      leftUs = Math.min(leftUs, mostUs - (clock.monotonic() - startedAt) * 1_000);
    }
    this.#leftUs -= mostUs - leftUs;
    const left = (group.sending?.frames.length ?? 0) + group.waiting.length;
    this.#setBacklog(group, left * group.sessions.size);
    if (pushed > 0) this.#options.pushed(pushed);
    if (left === 0 && group.hasDropped) this.#tell(group);
    return group.sending === null && (left === 0 || group.rest !== null);
  }

  /** The group's next frames, and its rest after them; null: there are none, or it rests. */
  #next(group: LocalGroup): LocalGroup['sending'] {
    if (group.waiting.length === 0 || this.#isResting(group)) return null;
    group.sending = { frames: group.waiting.splice(0, FRAMES_AT_ONCE), rest: group.sessions.entries() };
    const restMs = Math.min(group.sessions.size / WRITES_PER_MS, LONGEST_REST_MS);
    if (restMs >= SHORTEST_REST_MS) {
      group.rest = this.#options.clock.after(restMs, () => {
        group.rest = null;
        if (group.waiting.length > 0) this.#start(group);
      });
    }
    return group.sending;
  }

  #setBacklog(group: LocalGroup, backlog: number): void {
    this.#waiting += backlog - group.backlog;
    group.backlog = backlog;
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
