import { BoundedMap, type UserId } from '@chasqui/domain';
import type { Api } from '../api.ts';
import { Store } from '../store.ts';

/** Users whose avatars are kept: those met last. */
const MAX_KEPT = 2_000;
/** Time for users to gather, and how many are asked for at once. */
const GATHER_MS = 50;
const ASKED_AT_ONCE = 50;
/** Nobody is told of a new avatar, so one is asked for again when it is shown after so long. */
const FRESH_MS = 5 * 60_000;

/** The avatars of those whom the page shows, as their profiles have them. Who has none has the empty text. */
export class AvatarsStore {
  readonly #api: Pick<Api, 'usersNamed'>;
  readonly #signal: AbortSignal;
  readonly #kept = new BoundedMap<UserId, { avatar: string; at: number }>(MAX_KEPT);
  readonly #wanted = new Set<UserId>();
  /** Counts changes. */
  readonly #changes = new Store(0);
  #gathering: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Pick<Api, 'usersNamed'>, signal: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
    signal.addEventListener('abort', () => clearTimeout(this.#gathering));
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#changes.subscribe(listener);

  /** Empty also while it is not known. */
  of(userId: UserId): string {
    return this.#kept.get(userId)?.avatar ?? '';
  }

  /** Somebody is shown: asks for their avatar, unless it is known. */
  want(userId: UserId): void {
    const known = this.#kept.get(userId);
    if (userId === '' || (known !== undefined && known.at > Date.now() - FRESH_MS)) return;
    this.#wanted.add(userId);
    this.#gathering ??= setTimeout(() => void this.#ask(), GATHER_MS);
  }

  /** What somebody's profile has now. */
  put(userId: UserId, avatar: string): void {
    this.#keep([[userId, avatar]]);
  }

  async #ask(): Promise<void> {
    const asked = [...this.#wanted].slice(0, ASKED_AT_ONCE);
    for (const userId of asked) this.#wanted.delete(userId);
    try {
      const users = new Map((await this.#api.usersNamed(asked)).map(({ userId, avatar }) => [userId, avatar]));
      if (this.#signal.aborted) return;
      this.#keep(asked.map((userId) => [userId, users.get(userId) ?? '']));
    } catch {
      // They are asked for again when they are shown again.
    }
    this.#gathering = this.#wanted.size === 0 ? undefined : setTimeout(() => void this.#ask(), GATHER_MS);
  }

  #keep(avatars: readonly (readonly [UserId, string])[]): void {
    const at = Date.now();
    for (const [userId, avatar] of avatars) this.#kept.set(userId, { avatar, at });
    this.#changes.set(this.#changes.get() + 1);
  }
}
