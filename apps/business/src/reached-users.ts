import type { Clock, UserId } from '@chasqui/domain';

/** Users remembered; the oldest are forgotten first. */
const MAX_USERS = 200_000;

/**
 * Users whose sockets took something a while ago. By then a node that lives has said so again, whatever happened to
 * presence: a user who is nowhere now was on a node that died, and nobody else may know (C9).
 */
export class ReachedUsers {
  readonly #clock: Clock;
  readonly #waitMs: number;
  /** When each was last reached, in monotonic ms; the oldest first. */
  readonly #reachedAt = new Map<UserId, number>();

  constructor({ clock, waitMs }: { clock: Clock; waitMs: number }) {
    this.#clock = clock;
    this.#waitMs = waitMs;
  }

  add(userId: UserId): void {
    this.#reachedAt.delete(userId);
    this.#reachedAt.set(userId, this.#clock.monotonic());
    if (this.#reachedAt.size <= MAX_USERS) return;
    const oldest = this.#reachedAt.keys().next();
    if (!oldest.done) this.#reachedAt.delete(oldest.value);
  }

  /** Takes out those who were last reached `waitMs` ago or longer. */
  due(): UserId[] {
    const before = this.#clock.monotonic() - this.#waitMs;
    const users: UserId[] = [];
    for (const [userId, at] of this.#reachedAt) {
      if (at > before) break;
      this.#reachedAt.delete(userId);
      users.push(userId);
    }
    return users;
  }
}
