import type { Clock, Limits, Timer, UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { Presence } from '@chasqui/ports';
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
  #online = new Map<UserId, boolean>();
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
      for (const userId of session.watchedUsers ?? []) if (watched.size < limits.maxWatchedUsers) watched.add(userId);
    }
    if (watched.size === 0) {
      this.#online.clear();
      return;
    }
    const users = [...watched];
    try {
      const found = await presence.lookup(users);
      const now = new Map(users.map((userId, index) => [userId, (found[index]?.length ?? 0) > 0]));
      const changed = users.filter((userId) => (this.#online.get(userId) ?? now.get(userId)) !== now.get(userId));
      this.#online = now;
      for (const userId of changed) this.#tell(userId, now.get(userId) ?? false, clock.now());
    } catch (error) {
      logger.debug({ err: error }, 'presence is away: watched users are looked at again later');
    }
  }

  #tell(userId: UserId, online: boolean, at: number): void {
    for (const session of this.#options.sessions.all()) {
      if (session.watchedUsers?.has(userId)) session.send({ type: 'presence', userId, online, at });
    }
  }
}
