import type { PresenceVisibility } from '@chasqui/core';
import type { Clock, Limits, Timer, UserId } from '@chasqui/domain';
import type { Session } from '../sessions/session.ts';
import type { SessionRegistry } from '../sessions/session-registry.ts';

export interface PresenceWithdrawalsOptions {
  visibility: Pick<PresenceVisibility, 'visibleTo' | 'outdate'>;
  sessions: SessionRegistry;
  clock: Clock;
  limits: Pick<Limits, 'presencePollMs'>;
}

/** Changes that arrive within so many ms are looked at together: each look goes over all sessions. */
const TOGETHER_MS = 20;
/** Pairs of a session and whom it watches that each round looks at again, whether anything is known to have changed or not. */
const PAIRS_PER_ROUND = 500;

/**
 * Takes presence back from who may not see it any more: a session that watches somebody is told that they are away, and
 * watches them no longer. At once where the node is told that somebody's blocks, contacts or privacy changed; and round by
 * round for all sessions, as no such word may come through.
 */
export class PresenceWithdrawals implements AsyncDisposable {
  readonly #options: PresenceWithdrawalsOptions;
  /** Users whose visibility changed; bounded by what peers tell in `TOGETHER_MS`. */
  #changed = new Set<UserId>();
  /** Sessions whose turn is still to come in this pass; as many as there are sessions at most. */
  #pass: Session[] = [];
  #timer: Timer | null = null;
  #stopped = false;

  constructor(options: PresenceWithdrawalsOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stopped) return;
    const { clock, limits } = this.#options;
    this.#timer = clock.after(limits.presencePollMs, () => void this.#round().finally(() => this.start()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  changed(userId: UserId): void {
    const { visibility, clock } = this.#options;
    visibility.outdate(userId);
    if (this.#changed.size === 0 && !this.#stopped) clock.after(TOGETHER_MS, () => void this.#lookAtChanged());
    this.#changed.add(userId);
  }

  async #lookAtChanged(): Promise<void> {
    const changed = this.#changed;
    this.#changed = new Set();
    const looks: Promise<void>[] = [];
    for (const session of this.#options.sessions.all()) {
      const { watchedUsers } = session;
      if (watchedUsers === null) continue;
      const users = [...changed].filter((userId) => watchedUsers.has(userId));
      if (users.length > 0) looks.push(this.#look(session, users));
    }
    await Promise.all(looks);
  }

  async #round(): Promise<void> {
    if (this.#pass.length === 0) {
      this.#pass = [...this.#options.sessions.all()].filter(({ watchedUsers }) => watchedUsers !== null);
    }
    for (let pairs = 0; pairs < PAIRS_PER_ROUND; ) {
      const session = this.#pass.pop();
      if (session === undefined) return;
      const users = [...(session.watchedUsers?.keys() ?? [])];
      pairs += users.length;
      await this.#look(session, users);
    }
  }

  /** Never rejects. */
  async #look(session: Session, users: readonly UserId[]): Promise<void> {
    const { visibility, clock } = this.#options;
    const visible = new Set(await visibility.visibleTo(session.userId, users));
    for (const userId of users) if (!visible.has(userId)) withdraw(session, userId, clock.now());
  }
}

function withdraw(session: Session, userId: UserId, at: number): void {
  const told = session.watchedUsers?.get(userId);
  if (session.watchedUsers?.delete(userId) && told !== false) {
    session.send({ type: 'presence', userId, online: false, at });
  }
  if (session.watchedUsers?.size === 0) session.watchedUsers = null;
}
