import { BoundedMap, type ConversationId, ImError } from '@chasqui/domain';

/** Conversations of one session whose last message is remembered; the oldest is forgotten first. */
const MAX_CONVERSATIONS = 256;

interface Tail {
  /** The last message accepted. */
  clientMessageId: string;
  /** Grows when a message of the conversation fails; what was accepted before that may not go on. */
  generation: number;
}

/**
 * Keeps one session's messages of a conversation from overtaking one that failed (C5). A client that says which
 * message another `follows` gets `predecessor_missing` for everything behind a failed one, until it resends that one.
 */
export class SendOrder {
  readonly #tails = new BoundedMap<ConversationId, Tail>(MAX_CONVERSATIONS);
  #generations = 0;

  /** Errors: `predecessor_missing` when `follows` is not the last message accepted. */
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

  /** Notes an accepted message and returns the generation it belongs to. */
  accept(conversationId: ConversationId, clientMessageId: string): number {
    const known = this.#tails.get(conversationId);
    // The only one is the newest already.
    if (known !== undefined && this.#tails.size === 1) {
      known.clientMessageId = clientMessageId;
      return known.generation;
    }
    const generation = known?.generation ?? ++this.#generations;
    this.#tails.set(conversationId, { clientMessageId, generation });
    return generation;
  }

  /** A message of the conversation failed. */
  fail(conversationId: ConversationId): void {
    this.#tails.delete(conversationId);
  }

  /** The current generation; 0 when nothing is remembered. */
  generation(conversationId: ConversationId): number {
    return this.#tails.get(conversationId)?.generation ?? 0;
  }
}
