import { ImError, type MessageId } from '@chasqui/domain';
import { type OpenPromise, withResolvers } from '../basics/open-promise.ts';
import type { ConversationKey } from '../conversations/direct.ts';
import type { ReactedMessage, ShownReactions } from '../conversations/shown-reactions.ts';
import type { Core } from '../core.ts';
import { newMessageId } from '../sending/new-message-id.ts';
import { originOf, ownedBy } from './action-origin.ts';
import { type ActionSender, anotherUserError, closedError } from './action-sender.ts';
import { kept, type Unanswered, type WaitingReactions, type Wanted } from './waiting-reactions.ts';

/** Messages with reactions that wait for the server. Beyond: `overloaded`. */
const MAX_WAITING = 100;

/** The user's reactions that the server has not answered, by message. The store keeps them too. */
export class OwnReactions {
  readonly #core: Core;
  readonly #sender: ActionSender;
  readonly #waiting = new Map<MessageId, WaitingReactions>();

  constructor(core: Core, sender: ActionSender) {
    this.#core = core;
    this.#sender = sender;
    for (const [messageId, one] of core.durable.all<Unanswered>('react/'))
      this.#waiting.set(messageId, { ...one, answers: new Map() });
  }

  get(messageId: MessageId): WaitingReactions | undefined {
    return this.#waiting.get(messageId);
  }

  all(): [MessageId, WaitingReactions][] {
    return [...this.#waiting];
  }

  /**
   * A later one with the same emoji takes the place of one that still waits. `send` it once it is shown. `reactions`: what the
   * server said last.
   */
  add(key: ConversationKey, { messageId, reactions }: ReactedMessage, emoji: string, on: boolean): Promise<void> {
    const waiting = this.#waiting.get(messageId) ?? this.#begin(key, messageId, reactions);
    const answer = withResolvers<void>();
    this.#ended(waiting.wanted[emoji]);
    waiting.wanted[emoji] = { on, actionId: newMessageId(this.#core.random) };
    waiting.answers.set(emoji, [...(waiting.answers.get(emoji) ?? []), answer]);
    this.note(messageId);
    return answer.promise;
  }

  send(messageId: MessageId, emoji: string): void {
    const { conversationId = '', wanted = {} } = this.#waiting.get(messageId) ?? {};
    const one = wanted[emoji];
    if (one !== undefined) this.#sender.send({ action: 'react', conversationId, messageId, emoji, ...one });
  }

  /** It waits no more. Returns who waited for it. */
  take(messageId: MessageId, emoji: string): OpenPromise<void>[] {
    const waiting = this.#waiting.get(messageId);
    const answers = waiting?.answers.get(emoji) ?? [];
    this.#ended(waiting?.wanted[emoji]);
    waiting?.answers.delete(emoji);
    delete waiting?.wanted[emoji];
    if (Object.keys(waiting?.wanted ?? {}).length === 0) this.#waiting.delete(messageId);
    this.note(messageId);
    return answers;
  }

  /** A message that shows these has this id now: what waits for the former one is about it. */
  renamed(messageId: MessageId, shown: ShownReactions): void {
    for (const [former, waiting] of this.#waiting) {
      if (waiting.shown !== shown || former === messageId) continue;
      this.#waiting.delete(former);
      this.note(former);
      this.#waiting.set(messageId, waiting);
      this.note(messageId);
      this.#sendAll(messageId, waiting);
      return;
    }
  }

  /** The store keeps what waits for a message, or nothing of it. */
  note(messageId: MessageId): void {
    const waiting = this.#waiting.get(messageId);
    this.#core.durable.note(`react/${messageId}`, waiting === undefined ? null : kept(waiting));
    this.#core.durable.flush();
  }

  online(): void {
    for (const [messageId, waiting] of this.all()) {
      const origin = ownedBy(this.#core.userId, waiting);
      if (origin === undefined) this.#drop(messageId, waiting);
      else {
        if (origin !== waiting) this.#waiting.set(messageId, Object.assign(waiting, origin));
        this.note(messageId);
        this.#sendAll(messageId, waiting);
      }
    }
  }

  closed(): void {
    for (const { answers } of this.#waiting.values()) {
      for (const { reject } of [...answers.values()].flat()) reject(closedError());
      answers.clear();
    }
  }

  #begin(key: ConversationKey, messageId: MessageId, base: ShownReactions | undefined): WaitingReactions {
    if (this.#waiting.size >= MAX_WAITING) throw new ImError('overloaded', 'too many reactions are waiting');
    const waiting = { ...originOf(this.#core, key), base, wanted: {}, answers: new Map() };
    this.#waiting.set(messageId, waiting);
    return waiting;
  }

  #sendAll(messageId: MessageId, { wanted }: WaitingReactions): void {
    for (const emoji of Object.keys(wanted)) this.send(messageId, emoji);
  }

  #drop(messageId: MessageId, { wanted }: WaitingReactions): void {
    for (const emoji of Object.keys(wanted))
      for (const { reject } of this.take(messageId, emoji)) reject(anotherUserError());
  }

  #ended(wanted: Wanted | undefined): void {
    if (wanted !== undefined) this.#sender.ended(wanted.actionId);
  }
}
