import type { Client } from '@chasqui/client';
import type { ConversationId } from '@chasqui/domain';
import { Store } from '../store.ts';

/** A notice holds this long unless it is renewed: its end may be lost. */
const HOLDS_MS = 6_000;
/** A writer's own notices are this far apart at least. */
const EVERY_MS = 3_000;

/** Where somebody is typing to this user, and this user's own typing told to them. */
export class TypingStore extends Store<ReadonlySet<ConversationId>> {
  readonly #client: Client;
  readonly #ends = new Map<ConversationId, ReturnType<typeof setTimeout>>();
  #told: { conversationId: ConversationId; at: number } | undefined;

  constructor(client: Client, signal: AbortSignal) {
    super(new Set());
    this.#client = client;
    const ends = [
      client.on('typing', ({ conversationId, active }) => this.#note(conversationId, active)),
      client.on('message', ({ message }) => message.mine || this.#note(message.conversationId, false)),
    ];
    signal.addEventListener('abort', () => {
      for (const end of ends) end();
      for (const timer of this.#ends.values()) clearTimeout(timer);
    });
  }

  /** This user is writing there. */
  writes(conversationId: ConversationId): void {
    const now = Date.now();
    if (this.#told?.conversationId === conversationId && now - this.#told.at < EVERY_MS) return;
    this.#told = { conversationId, at: now };
    this.#client.typing(conversationId, true);
  }

  /** This user has stopped writing, or has sent it. */
  rests(conversationId: ConversationId): void {
    if (this.#told?.conversationId !== conversationId) return;
    this.#told = undefined;
    this.#client.typing(conversationId, false);
  }

  #note(conversationId: ConversationId, active: boolean): void {
    clearTimeout(this.#ends.get(conversationId));
    this.#ends.delete(conversationId);
    if (active)
      this.#ends.set(
        conversationId,
        setTimeout(() => this.#note(conversationId, false), HOLDS_MS),
      );
    if (active === this.get().has(conversationId)) return;
    this.set(new Set(this.#ends.keys()));
  }
}
