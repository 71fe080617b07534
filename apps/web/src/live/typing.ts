import type { Client } from '@chasqui/client';
import type { UserId } from '@chasqui/domain';
import { Store } from '../store.ts';

/** A notice holds this long unless it is renewed: its end may be lost. */
const HOLDS_MS = 6_000;
/** A writer's own notices are this far apart at least. */
const EVERY_MS = 3_000;

/** Who is typing to this user, and this user's own typing told to them. */
export class TypingStore extends Store<ReadonlySet<UserId>> {
  readonly #client: Client;
  readonly #ends = new Map<UserId, ReturnType<typeof setTimeout>>();
  #told: { peer: UserId; at: number } | undefined;

  constructor(client: Client, signal: AbortSignal) {
    super(new Set());
    this.#client = client;
    const ends = [
      client.on('typing', ({ peer, active }) => this.#note(peer, active)),
      client.on('message', ({ message }) => message.mine || this.#note(message.peer, false)),
    ];
    signal.addEventListener('abort', () => {
      for (const end of ends) end();
      for (const timer of this.#ends.values()) clearTimeout(timer);
    });
  }

  /** This user is writing to a peer. */
  writes(peer: UserId): void {
    const now = Date.now();
    if (this.#told?.peer === peer && now - this.#told.at < EVERY_MS) return;
    this.#told = { peer, at: now };
    this.#client.typing(peer, true);
  }

  /** This user has stopped writing, or has sent it. */
  rests(peer: UserId): void {
    if (this.#told?.peer !== peer) return;
    this.#told = undefined;
    this.#client.typing(peer, false);
  }

  #note(peer: UserId, active: boolean): void {
    clearTimeout(this.#ends.get(peer));
    this.#ends.delete(peer);
    if (active)
      this.#ends.set(
        peer,
        setTimeout(() => this.#note(peer, false), HOLDS_MS),
      );
    if (active === this.get().has(peer)) return;
    this.set(new Set(this.#ends.keys()));
  }
}
