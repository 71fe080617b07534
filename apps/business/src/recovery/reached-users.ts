import { BoundedMap, type Clock, type Position, type UserId } from '@chasqui/domain';

/** How many users are remembered; the oldest are evicted first. */
const MAX_USERS = 200_000;
/** How many nodes are remembered for one user; the newest are kept. */
const MAX_NODES = 8;

export interface Reached {
  userId: UserId;
  /** The inbox position of the last message that the user's sockets took. */
  upTo: Position;
  /** The nodes that took a delivery for the user. */
  nodeIds: readonly string[];
}

/**
 * Users whose sockets took a message some time ago. By then a live node has reported the message if nobody acked it,
 * and has registered its users again, whatever happened to presence. If the node is dead or the user offline, possibly
 * nobody else knows of it (C9).
 */
export class ReachedUsers {
  readonly #clock: Clock;
  readonly #waitMs: number;
  /** By user, with the monotonic ms of the last delivery; the oldest first. */
  readonly #reached = new BoundedMap<UserId, Reached & { at: number }>(MAX_USERS);

  constructor({ clock, waitMs }: { clock: Clock; waitMs: number }) {
    this.#clock = clock;
    this.#waitMs = waitMs;
  }

  add({ userId, upTo, nodeIds }: Reached): void {
    const known = this.#reached.get(userId);
    this.#reached.set(userId, {
      userId,
      upTo: Math.max(upTo, known?.upTo ?? 0),
      nodeIds: known === undefined ? nodeIds : together(known.nodeIds, nodeIds),
      at: this.#clock.monotonic(),
    });
  }

  /** Removes and returns the users who were last reached at least `waitMs` ago. */
  due(): Reached[] {
    const before = this.#clock.monotonic() - this.#waitMs;
    const due: Reached[] = [];
    for (const [userId, { at, upTo, nodeIds }] of this.#reached) {
      if (at > before) break;
      this.#reached.delete(userId);
      due.push({ userId, upTo, nodeIds });
    }
    return due;
  }
}

function together(known: readonly string[], more: readonly string[]): readonly string[] {
  const added = more.filter((nodeId) => !known.includes(nodeId));
  return added.length === 0 ? known : [...known, ...added].slice(-MAX_NODES);
}
