import { BoundedMap, type ConversationId, ImError } from '@chasqui/domain';

/** How many conversations of one session are remembered; the oldest is evicted first. */
const MAX_CONVERSATIONS = 256;

interface Tail {
  /** The last accepted message. */
  clientMessageId: string;
  /** Grows when a message of the conversation fails; messages accepted before that may not be sent. */
  generation: number;
}

/**
 * Keeps a session's messages of a conversation from overtaking one that failed (C5). A client that says which message
 * another `follows` gets `predecessor_missing` for everything behind a failed message, until it resends that message.
 */
export class SendOrder {
  readonly #tails = new BoundedMap<ConversationId, Tail>(MAX_CONVERSATIONS);
  #generations = 0;

  /** Errors: `predecessor_missing` if `follows` is not the last accepted message. */
  check(conversationId: ConversationId, follows: string | undefined): void {
    if (follows === undefined) return;
    if (this.#tails.get(conversationId)?.clientMessageId === follows) return;
    throw new ImError(
      'predecessor_missing',
      'the message in follows was not accepted: resend, starting with that one',
      {
        field: 'follows',
      },
    );
  }

  /** Records an accepted message and returns its generation. */
  accept(conversationId: ConversationId, clientMessageId: string): number {
    const known = this.#tails.get(conversationId);
    // A single entry is already the newest.
    if (known !== undefined && this.#tails.size === 1) {
      known.clientMessageId = clientMessageId;
      return known.generation;
    }
    const generation = known?.generation ?? ++this.#generations;
    this.#tails.set(conversationId, { clientMessageId, generation });
    return generation;
  }

  /** Records that a message of the conversation failed. */
  fail(conversationId: ConversationId): void {
    this.#tails.delete(conversationId);
  }

  /** The current generation; 0 if nothing is remembered. */
  generation(conversationId: ConversationId): number {
    return this.#tails.get(conversationId)?.generation ?? 0;
  }
}
