import { BoundedMap, type Clock, type Position, type UserId } from '@chasqui/domain';

/** How many entries are remembered, one for each user and span; the oldest are evicted first. */
const MAX_ENTRIES = 200_000;
/** How many nodes are remembered in one entry; the newest are kept. */
const MAX_NODES = 8;
/** Deliveries to one user within such a span, in ms, share an entry. Later ones do not postpone it. */
const SPAN_MS = 5_000;

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
  /** By span and user, with the monotonic ms of the last delivery; the oldest first. */
  readonly #reached = new BoundedMap<string, Reached & { at: number }>(MAX_ENTRIES);

  constructor({ clock, waitMs }: { clock: Clock; waitMs: number }) {
    this.#clock = clock;
    this.#waitMs = waitMs;
  }

  add({ userId, upTo, nodeIds }: Reached): void {
    const at = this.#clock.monotonic();
    const key = `${Math.floor(at / SPAN_MS)} ${userId}`;
    const known = this.#reached.get(key);
    this.#reached.set(key, {
      userId,
      upTo: Math.max(upTo, known?.upTo ?? 0),
      nodeIds: known === undefined ? nodeIds : together(known.nodeIds, nodeIds),
      at,
    });
  }

  /** Removes and returns the entries whose last delivery was at least `waitMs` ago: at most one span later. */
  due(): Reached[] {
    const before = this.#clock.monotonic() - this.#waitMs;
    const due: Reached[] = [];
    for (const [key, { userId, at, upTo, nodeIds }] of this.#reached) {
      if (at > before) break;
      this.#reached.delete(key);
      due.push({ userId, upTo, nodeIds });
    }
    return due;
  }
}

function together(known: readonly string[], more: readonly string[]): readonly string[] {
  const added = more.filter((nodeId) => !known.includes(nodeId));
  return added.length === 0 ? known : [...known, ...added].slice(-MAX_NODES);
}
