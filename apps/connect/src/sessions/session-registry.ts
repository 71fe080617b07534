import type { UserId } from '@chasqui/domain';
import type { Session } from './session.ts';

/** The logged-in sessions of this node, by user. */
export class SessionRegistry {
  readonly #byUser = new Map<UserId, Session | Session[]>();
  #size = 0;
  #places = 0;

  get size(): number {
    return this.#size;
  }

  /** The next log-in's place: greater than all before. */
  nextPlace(): number {
    return ++this.#places;
  }

  of(userId: UserId): readonly Session[] {
    const found = this.#byUser.get(userId);
    if (found === undefined) return [];
    return Array.isArray(found) ? found : [found];
  }

  add(session: Session): void {
    const others = this.of(session.userId);
    this.#byUser.set(session.userId, others.length === 0 ? session : [...others, session]);
    this.#size++;
  }

  remove(session: Session): void {
    const all = this.of(session.userId);
    const rest = all.filter((other) => other !== session);
    if (rest.length === all.length) return;
    this.#size--;
    const [only] = rest;
    if (only === undefined) this.#byUser.delete(session.userId);
    else this.#byUser.set(session.userId, rest.length === 1 ? only : rest);
  }

  *all(): Generator<Session> {
    for (const found of this.#byUser.values()) {
      if (Array.isArray(found)) yield* found;
      else yield found;
    }
  }
}
