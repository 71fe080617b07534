import type { Client } from '@chasqui/client';
import type { ConversationId, UserId } from '@chasqui/domain';
import { Store } from '../store.ts';

/** A notice expires after this long unless it is renewed: its end notice may be lost. */
const HOLDS_MS = 6_000;
/** The minimum interval between a user's own notices. */
const EVERY_MS = 3_000;

/** Who is typing in which conversation, the last one of a group; also sends this user's own notices. */
export class TypingStore extends Store<ReadonlyMap<ConversationId, UserId>> {
  readonly #client: Client;
  readonly #ends = new Map<ConversationId, ReturnType<typeof setTimeout>>();
  #told: { conversationId: ConversationId; at: number } | undefined;

  constructor(client: Client, me: UserId, signal: AbortSignal) {
    super(new Map());
    this.#client = client;
    const ends = [
      // In a group, typing on another device of this user comes too.
      client.on(
        'typing',
        ({ conversationId, from, active }) => from === me || this.#note(conversationId, from, active),
      ),
      client.on('message', ({ message }) => message.mine || this.#note(message.conversationId, message.from, false)),
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
    this.#client.typing({ conversationId }, true);
  }

  /** This user has stopped typing, or has sent the message. */
  rests(conversationId: ConversationId): void {
    if (this.#told?.conversationId !== conversationId) return;
    this.#told = undefined;
    this.#client.typing({ conversationId }, false);
  }

  #note(conversationId: ConversationId, from: UserId, active: boolean): void {
    const known = this.get().get(conversationId);
    if (!active && known !== from) return;
    clearTimeout(this.#ends.get(conversationId));
    this.#ends.delete(conversationId);
    if (active)
      this.#ends.set(
        conversationId,
        setTimeout(() => this.#note(conversationId, from, false), HOLDS_MS),
      );
    if (active && known === from) return;
    const next = new Map(this.get());
    if (active) next.set(conversationId, from);
    else next.delete(conversationId);
    this.set(next);
  }
}
