import type { Clock, Limits, Timer, UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { Presence } from '@chasqui/ports';
import type { Session } from './session.ts';
import type { SessionRegistry } from './session-registry.ts';

export interface PresenceWatchOptions {
  presence: Presence;
  sessions: SessionRegistry;
  clock: Clock;
  limits: Limits;
  logger: Logger;
}

/**
 * Tells sessions when the users they watch come and go, by looking every `presencePollMs`: bounded work whatever the
 * number of changes, and the same on every presence engine. Beyond `maxWatchedUsers` the rest is left out of a round.
 */
export class PresenceWatch implements AsyncDisposable {
  readonly #options: PresenceWatchOptions;
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
    const { sessions, limits, presence, logger, clock } = this.#options;
    const watched = new Set<UserId>();
    for (const session of sessions.all()) {
      for (const userId of session.watchedUsers?.keys() ?? [])
        if (watched.size < limits.maxWatchedUsers) watched.add(userId);
    }
    if (watched.size === 0) return;
    const users = [...watched];
    try {
      const found = await presence.lookup(users);
      const online = new Map(users.map((userId, index) => [userId, (found[index]?.length ?? 0) > 0]));
      for (const session of sessions.all()) tellPresence(session, online, clock.now());
    } catch (error) {
      logger.debug({ err: error }, 'presence is away: watched users are looked at again later');
    }
  }
}

/** Tells a session about those of the users that it watches and was last told otherwise about, or not at all. */
export function tellPresence(session: Session, online: ReadonlyMap<UserId, boolean>, at: number): void {
  if (session.watchedUsers === null) return;
  for (const [userId, told] of session.watchedUsers) {
    const now = online.get(userId);
    if (now === undefined || now === told) continue;
    session.watchedUsers.set(userId, now);
    session.send({ type: 'presence', userId, online: now, at });
  }
}
