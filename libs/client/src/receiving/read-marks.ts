import type { ConversationId, MessageId } from '@chasqui/domain';
import { setNewest } from '../basics/newest.ts';
import type { ConversationKey } from '../conversations/direct.ts';
import type { Core } from '../core.ts';

/** A server that already has a mark sends no answer: after this many tries, one per sync, the mark is forgotten. */
const TRIES = 3;

interface ReadMark {
  upTo: MessageId;
  tries: number;
}

/**
 * The user's marks, sent until the server confirms them. Keeps the newest per conversation; beyond the bound the oldest
 * is forgotten.
 */
export class ReadMarks {
  readonly #core: Core;
  readonly #marks = new Map<ConversationId, ReadMark>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** Default: up to the last message from another user. */
  mark(key: ConversationKey, last?: MessageId): void {
    const { conversationId, readUpTo, messages } = this.#core.timeline.view(key);
    const upTo = last ?? messages.findLast(({ mine }) => !mine)?.messageId ?? '';
    if (conversationId === '' || upTo <= readUpTo) return;
    if (upTo <= (this.#marks.get(conversationId)?.upTo ?? '')) return;
    const mark = { upTo, tries: 0 };
    setNewest(this.#marks, conversationId, mark, this.#core.limits.maxReads);
    this.#send(conversationId, mark);
  }

  /** The server reports the user's mark. */
  known(conversationId: ConversationId, upTo: MessageId): void {
    const mark = this.#marks.get(conversationId);
    if (mark !== undefined && mark.upTo <= upTo) this.#marks.delete(conversationId);
  }

  /** A caught-up sync did not include these marks: sends them again. */
  resend(): void {
    for (const [conversationId, mark] of this.#marks) this.#send(conversationId, mark);
  }

  clear(): void {
    this.#marks.clear();
  }

  #send(conversationId: ConversationId, mark: ReadMark): void {
    const messageIds = [mark.upTo];
    if (!this.#core.transmit({ type: 'ack', state: 'read', conversationId, messageIds })) return;
    if (++mark.tries >= TRIES) this.#marks.delete(conversationId);
  }
}
