import type { Client } from '@chasqui/client';
import type { ConversationId } from '@chasqui/domain';
import { Store } from '../store.ts';

/** A notice expires after this long unless it is renewed: its end notice may be lost. */
const HOLDS_MS = 6_000;
/** The minimum interval between a user's own notices. */
const EVERY_MS = 3_000;

/** The conversations in which the peer is typing; also sends this user's own notices. */
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

  /** This user is typing in the conversation. */
  writes(conversationId: ConversationId): void {
    const now = Date.now();
    if (this.#told?.conversationId === conversationId && now - this.#told.at < EVERY_MS) return;
    this.#told = { conversationId, at: now };
    this.#client.typing(conversationId, true);
  }

  /** This user has stopped typing, or has sent the message. */
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
