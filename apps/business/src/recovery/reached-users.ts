import { BoundedMap, type Clock, type Position, type UserId } from '@chasqui/domain';

/** Users remembered; the oldest are forgotten first. */
const MAX_USERS = 200_000;
/** Nodes remembered of one user; the newest. */
const MAX_NODES = 8;

export interface Reached {
  userId: UserId;
  /** The inbox place of the last message that the user's sockets took. */
  upTo: Position;
  /** The nodes that have taken something for the user. */
  nodeIds: readonly string[];
}

/**
 * Users whose sockets took a message a while ago. By then a node that lives has said if nobody acked it, and has said
 * again whom it has, whatever happened to presence. If the node is dead, or the user nowhere, nobody else may know (C9).
 */
export class ReachedUsers {
  readonly #clock: Clock;
  readonly #waitMs: number;
  /** With when each was last reached, in monotonic ms; the oldest first. */
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

  /** Takes out those who were last reached `waitMs` ago or longer. */
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
