import { BoundedMap, type ConversationId, type MessageId, type UserId } from '@chasqui/domain';
import type { Core } from './core.ts';

/** A server that has it already answers nothing: after this many tries on as many syncs a mark is forgotten. */
const TRIES = 3;

interface ReadMark {
  conversationId: ConversationId;
  upTo: MessageId;
  tries: number;
}

/** What the user has read, told to the server until it says so itself; newest per conversation, oldest forgotten at the bound. */
export class ReadMarks {
  readonly #core: Core;
  readonly #marks: BoundedMap<UserId, ReadMark>;

  constructor(core: Core) {
    this.#core = core;
    this.#marks = new BoundedMap(core.limits.maxReads);
  }

  /** By default up to the last message from the peer. */
  mark(peer: UserId, last?: MessageId): void {
    const { conversationId, readUpTo, messages } = this.#core.timeline.view(peer);
    const upTo = last ?? messages.findLast(({ mine }) => !mine)?.messageId ?? '';
    if (conversationId === '' || upTo <= readUpTo || upTo <= (this.#marks.get(peer)?.upTo ?? '')) return;
    const mark = { conversationId, upTo, tries: 0 };
    this.#marks.set(peer, mark);
    this.#send(peer, mark);
  }

  /** The server says that the user has read up to there. */
  known(peer: UserId, upTo: MessageId): void {
    const mark = this.#marks.get(peer);
    if (mark !== undefined && mark.upTo <= upTo) this.#marks.delete(peer);
  }

  /** A sync caught up and these were not in it. */
  resend(): void {
    for (const [peer, mark] of this.#marks) this.#send(peer, mark);
  }

  clear(): void {
    this.#marks.clear();
  }

  #send(peer: UserId, mark: ReadMark): void {
    const { conversationId, upTo } = mark;
    if (!this.#core.transmit({ type: 'ack', state: 'read', conversationId, messageIds: [upTo] })) return;
    if (++mark.tries >= TRIES) this.#marks.delete(peer);
  }
}
