import type { Clock, Limits, Timer, UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { Presence } from '@chasqui/ports';
import type { Session } from '../sessions/session.ts';
import type { SessionRegistry } from '../sessions/session-registry.ts';

export interface PresenceWatchOptions {
  presence: Presence;
  sessions: SessionRegistry;
  clock: Clock;
  limits: Limits;
  logger: Logger;
}

/**
 * Tells sessions when the users they watch come and go, by polling every `presencePollMs`. The work is bounded whatever
 * the number of changes, and the same on every presence engine. A round looks at up to `maxWatchedUsers` users, and at
 * up to `maxWatchedPerUser` for one user's sessions. Sessions that were left out longest come first, so no session
 * starves: at worst it is told later.
 */
export class PresenceWatch implements AsyncDisposable {
  readonly #options: PresenceWatchOptions;
  /** Sessions that watch somebody, the one looked at longest ago first. At most as many as there are sessions. */
  #turns = new Set<Session>();
  #timer: Timer | null = null;
  #stopped = false;

  constructor(options: PresenceWatchOptions) {
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

  async #round(): Promise<void> {
    const { sessions, presence, logger, clock } = this.#options;
    const watched = this.#nextWatched();
    if (watched.size === 0) return;
    const users = [...watched];
    try {
      const found = await presence.lookup(users);
      const online = new Map(users.map((userId, index) => [userId, (found[index]?.length ?? 0) > 0]));
      for (const session of sessions.all()) tellPresence(session, online, clock.now());
    } catch (error) {
      logger.debug({ err: error }, 'presence is unavailable: watched users are checked again later');
    }
  }

  /** The users whom this round looks at. */
  #nextWatched(): Set<UserId> {
    const { sessions, limits } = this.#options;
    for (const session of sessions.all()) if (session.watchedUsers !== null) this.#turns.add(session);
    const watched = new Set<UserId>();
    const shares = new Map<UserId, number>();
    const [left, served]: [Session[], Session[]] = [[], []];
    let isFull = false;
    for (const session of this.#turns) {
      const { userId, watchedUsers, state } = session;
      if (watchedUsers === null || state === 'closed') continue;
      const share = (shares.get(userId) ?? 0) + watchedUsers.size;
      isFull ||= watched.size + watchedUsers.size > limits.maxWatchedUsers;
      if (isFull || share > limits.maxWatchedPerUser) {
        left.push(session);
        continue;
      }
      shares.set(userId, share);
      for (const other of watchedUsers.keys()) watched.add(other);
      served.push(session);
    }
    this.#turns = new Set([...left, ...served]);
    return watched;
  }
}

/**
 * Tells a session about the watched users whose presence differs from what it was last told, or of whom it was told
 * nothing yet.
 */
export function tellPresence(session: Session, online: ReadonlyMap<UserId, boolean>, at: number): void {
  if (session.watchedUsers === null) return;
  for (const [userId, told] of session.watchedUsers) {
    const now = online.get(userId);
    if (now === undefined || now === told) continue;
    session.watchedUsers.set(userId, now);
    session.send({ type: 'presence', userId, online: now, at });
  }
}
