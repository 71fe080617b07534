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

/** Changes that arrive within this many ms are handled together, as each check goes over all sessions. */
const TOGETHER_MS = 20;
/** How many pairs of a session and a watched user each round checks again, even without a known change. */
const PAIRS_PER_ROUND = 500;

/**
 * Withdraws presence from users who may not see it any more: the session is told that the user is offline, and stops
 * watching. This happens at once if the node is told that somebody's blocks, contacts or privacy changed, and
 * periodically for all sessions, as such a notice may be lost.
 */
export class PresenceWithdrawals implements AsyncDisposable {
  readonly #options: PresenceWithdrawalsOptions;
  /** Users whose visibility changed; bounded by the notices of peers within `TOGETHER_MS`. */
  #changed = new Set<UserId>();
  /** Sessions still to be checked in this pass; at most as many as there are sessions. */
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
