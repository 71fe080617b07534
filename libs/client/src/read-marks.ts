import { BoundedMap, type ConversationId, type MessageId } from '@chasqui/domain';
import type { Core } from './core.ts';
import type { ConversationKey } from './direct.ts';

/** A server that has it already answers nothing: after this many tries on as many syncs a mark is forgotten. */
const TRIES = 3;

interface ReadMark {
  upTo: MessageId;
  tries: number;
}

/** What the user has read, told to the server until it says so itself; newest per conversation, oldest forgotten at the bound. */
export class ReadMarks {
  readonly #core: Core;
  readonly #marks: BoundedMap<ConversationId, ReadMark>;

  constructor(core: Core) {
    this.#core = core;
    this.#marks = new BoundedMap(core.limits.maxReads);
  }

  /** By default up to the last message that somebody else sent. */
  mark(key: ConversationKey, last?: MessageId): void {
    const { conversationId, readUpTo, messages } = this.#core.timeline.view(key);
    const upTo = last ?? messages.findLast(({ mine }) => !mine)?.messageId ?? '';
    if (conversationId === '' || upTo <= readUpTo) return;
    if (upTo <= (this.#marks.get(conversationId)?.upTo ?? '')) return;
    const mark = { upTo, tries: 0 };
    this.#marks.set(conversationId, mark);
    this.#send(conversationId, mark);
  }

  /** The server says that the user has read up to there. */
  known(conversationId: ConversationId, upTo: MessageId): void {
    const mark = this.#marks.get(conversationId);
    if (mark !== undefined && mark.upTo <= upTo) this.#marks.delete(conversationId);
  }

  /** A sync caught up and these were not in it. */
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
