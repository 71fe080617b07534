import { type ConversationId, ImError, type MessageId, type UserId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { setNewest } from '../basics/newest.ts';
import { type OpenPromise, withResolvers } from '../basics/open-promise.ts';
import { serverError } from '../connection/server-error.ts';
import type { ChatMessage } from '../conversations/chat-message.ts';
import { type ConversationKey, keyOfId, peerIn } from '../conversations/direct.ts';
import { joinedReactions, reactionsIn, type ShownReactions, withReaction } from '../conversations/shown-reactions.ts';
import type { Core } from '../core.ts';
import { newMessageId } from '../sending/new-message-id.ts';
import type { ActionHost, ActionPart } from './action-part.ts';

const REF = '#react/';
/** Messages with reactions that wait for the server. Beyond: `overloaded`. */
const MAX_WAITING = 100;
/** Reactions to messages that are not in memory. Beyond: the oldest are forgotten; a synced message brings its own. */
const MAX_EARLY = 1_000;
/** After a refusal that may pass, ms. */
const RETRY_MS = 1_000;
/** After this, ms, what was not answered is sent again: the answer may be lost, and a sync does not tell of it. */
const ANSWER_MS = 15_000;

/** A reaction that the server has not answered. */
interface Wanted {
  on: boolean;
  actionId: string;
}

/** Those to one message, as the store keeps them. */
interface Unanswered {
  by: UserId;
  conversationId: ConversationId;
  /** What the server said last. */
  base: ShownReactions | undefined;
  wanted: { [emoji: string]: Wanted };
}

interface Waiting extends Unanswered {
  /** What the message shows; by this it is found when it gets another id. */
  shown?: ShownReactions | undefined;
  /** Who waits, by the emoji; nobody after a restart. */
  answers: Map<string, OpenPromise<void>[]>;
}

/**
 * Reactions to messages. An own one is shown at once, kept in the store until the server has answered it, and sent again
 * after each login: its `actionId` makes that harmless.
 */
export class Reactions {
  readonly calls: Pick<ActionPart['calls'], 'react'>;
  readonly #core: Core;
  readonly #waiting = new Map<MessageId, Waiting>();
  readonly #early = new Map<MessageId, ShownReactions>();

  constructor({ core, keyOf }: ActionHost) {
    this.#core = core;
    this.calls = {
      react: async (conversation, messageId, emoji, on = true) =>
        this.#react(keyOf(conversation), messageId, emoji, on),
    };
    for (const [messageId, one] of core.durable.all<Unanswered>('react/'))
      this.#waiting.set(messageId, { ...one, answers: new Map() });
    core.emitter.on('message', ({ message }) => this.#shown(message));
    core.emitter.on('update', ({ message }) => this.#renamed(message));
    core.emitter.on('recall', ({ conversationId, messageId }) => {
      this.#early.delete(messageId);
      core.timeline.change(keyOfId(conversationId), messageId, { reactions: undefined });
    });
    core.emitter.on('state', ({ state }) => {
      if (state === 'online') this.#resend();
      else if (state === 'closed') this.#closed();
    });
  }

  told(frame: ServerFrameOf<'action'>): void {
    const { conversationId, messageId, changes = [] } = frame;
    const { userId } = this.#core;
    const said = reactionsIn(frame, userId);
    const waiting = this.#waiting.get(messageId);
    const own = changes.filter(({ by }) => by === userId).map(({ actionId }) => actionId);
    const done = Object.entries(waiting?.wanted ?? {}).filter(([, { actionId }]) => own.includes(actionId));
    const answers = done.flatMap(([emoji]) => this.#take(messageId, emoji));
    if (said !== undefined) this.#tell(conversationId, messageId, said, waiting);
    for (const { resolve } of answers) resolve();
  }

  /** Whether it came without the reactions to a message that is shown: a sync brings them. */
  lacks({ conversationId, messageId, reactions, position }: ServerFrameOf<'action'>): boolean {
    if (reactions !== undefined || position === undefined) return false;
    const message = this.#core.timeline.peek(keyOfId(conversationId))?.find(messageId);
    return message !== undefined && message.recalledAt === undefined;
  }

  error(frame: ServerFrameOf<'error'>): boolean {
    const { ref } = frame;
    if (!ref?.startsWith(REF)) return false;
    const [, messageId = '', actionId] = ref.split('/');
    const waiting = this.#waiting.get(messageId);
    const [emoji, wanted] = Object.entries(waiting?.wanted ?? {}).find(([, one]) => one.actionId === actionId) ?? [];
    if (waiting === undefined || emoji === undefined || wanted === undefined) return true;
    const error = serverError(frame);
    if (error.retry === 'never' && !(error.code === 'message_not_found' && this.#isProvisional(waiting, messageId))) {
      const answers = this.#take(messageId, emoji);
      this.#show(keyOfId(waiting.conversationId), messageId, waiting);
      for (const { reject } of answers) reject(error);
    } else this.#sendLater(frame.retryAfterMs ?? RETRY_MS, waiting, messageId, emoji);
    return true;
  }

  /** A message that is not in memory may come later, with the reactions that it had first. */
  #tell(
    conversationId: ConversationId,
    messageId: MessageId,
    said: ShownReactions,
    waiting: Waiting | undefined,
  ): void {
    const { timeline, durable, emitter, userId } = this.#core;
    const key = keyOfId(conversationId);
    const known = timeline.peek(key)?.find(messageId);
    const before = waiting?.base ?? known?.reactions ?? this.#early.get(messageId);
    const reactions = joinedReactions(before, said);
    if (waiting !== undefined) waiting.base = reactions;
    this.#note(messageId);
    if (known === undefined) {
      setNewest(this.#early, messageId, reactions, MAX_EARLY);
      durable.keeper?.change(key, messageId, { reactions });
    } else if (waiting !== undefined) this.#show(key, messageId, waiting);
    else if (known.recalledAt === undefined) timeline.change(key, messageId, { reactions });
    emitter.emit('reactions', { conversationId, peer: peerIn(userId, conversationId), messageId, reactions });
  }

  /** What the server said last, and what it will say. */
  #show(key: ConversationKey, messageId: MessageId, waiting: Waiting): void {
    const { timeline } = this.#core;
    const { base, wanted } = waiting;
    if (timeline.peek(key)?.find(messageId)?.recalledAt !== undefined) return;
    let reactions = base;
    for (const [emoji, { on }] of Object.entries(wanted)) reactions = withReaction(reactions, emoji, on);
    waiting.shown = reactions;
    timeline.change(key, messageId, { reactions });
  }

  /** A provisional message gets its final id: what waits for the former one is about it. */
  #renamed({ messageId, reactions }: ChatMessage): void {
    if (reactions === undefined || messageId === '') return;
    for (const [former, waiting] of this.#waiting) {
      if (waiting.shown !== reactions || former === messageId) continue;
      this.#waiting.delete(former);
      this.#note(former, true);
      this.#waiting.set(messageId, waiting);
      this.#note(messageId);
      for (const [emoji, wanted] of Object.entries(waiting.wanted)) this.#send(waiting, messageId, emoji, wanted);
      return;
    }
  }

  /** The server may know it under another id. */
  #isProvisional({ conversationId }: Waiting, messageId: MessageId): boolean {
    return this.#core.timeline.peek(keyOfId(conversationId))?.find(messageId)?.provisional === true;
  }

  /** A message is shown: what is known of it follows, once the application has been told of the message. */
  #shown({ messageId, conversationId, reactions }: ChatMessage): void {
    const early = this.#early.get(messageId);
    if (early === undefined || conversationId === '' || messageId === '') return;
    this.#early.delete(messageId);
    this.#core.clock.after(0, () => {
      this.#core.timeline.change(keyOfId(conversationId), messageId, { reactions: joinedReactions(reactions, early) });
    });
  }

  /** A later one with the same emoji takes the place of one that still waits. */
  async #react(key: ConversationKey, messageId: MessageId, emoji: string, on: boolean): Promise<void> {
    const { timeline, random, userId } = this.#core;
    const { conversationId } = timeline.view(key);
    let waiting = this.#waiting.get(messageId);
    if (waiting === undefined) {
      if (this.#waiting.size >= MAX_WAITING) throw new ImError('overloaded', 'too many reactions are waiting');
      const base = timeline.peek(key)?.find(messageId)?.reactions;
      waiting = { by: userId, conversationId, base, wanted: {}, answers: new Map() };
      this.#waiting.set(messageId, waiting);
    }
    const answer = withResolvers<void>();
    const wanted = { on, actionId: newMessageId(random) };
    waiting.wanted[emoji] = wanted;
    waiting.answers.set(emoji, [...(waiting.answers.get(emoji) ?? []), answer]);
    this.#note(messageId);
    this.#show(key, messageId, waiting);
    this.#send(waiting, messageId, emoji, wanted);
    return answer.promise;
  }

  /** Offline, it waits for the next login. */
  #send(waiting: Waiting, messageId: MessageId, emoji: string, { on, actionId }: Wanted): void {
    const { conversationId } = waiting;
    const ref = `${REF}${messageId}/${actionId}`;
    const frame = { type: 'action', action: 'react', conversationId, messageId, emoji, on, actionId, ref } as const;
    if (this.#core.transmit(frame)) this.#sendLater(ANSWER_MS, waiting, messageId, emoji);
  }

  #sendLater(ms: number, waiting: Waiting, messageId: MessageId, emoji: string): void {
    const { clock, connection } = this.#core;
    const wanted = waiting.wanted[emoji];
    clock.after(ms, () => {
      const waits = this.#waiting.get(messageId) === waiting && waiting.wanted[emoji] === wanted;
      if (wanted !== undefined && waits && this.#core.connection === connection)
        this.#send(waiting, messageId, emoji, wanted);
    });
  }

  #resend(): void {
    for (const [messageId, waiting] of this.#waiting) {
      if (waiting.by !== this.#core.userId) this.#waiting.delete(messageId);
      else for (const [emoji, wanted] of Object.entries(waiting.wanted)) this.#send(waiting, messageId, emoji, wanted);
    }
  }

  /** They are sent after the next login all the same. */
  #closed(): void {
    const error = new ImError('connection_closed', 'the client was closed: the reaction is sent after the next login');
    for (const { answers } of this.#waiting.values()) {
      for (const { reject } of [...answers.values()].flat()) reject(error);
      answers.clear();
    }
  }

  /** It waits no more. Returns who waited for it. */
  #take(messageId: MessageId, emoji: string): OpenPromise<void>[] {
    const waiting = this.#waiting.get(messageId);
    const answers = waiting?.answers.get(emoji) ?? [];
    waiting?.answers.delete(emoji);
    delete waiting?.wanted[emoji];
    if (Object.keys(waiting?.wanted ?? {}).length === 0) this.#waiting.delete(messageId);
    this.#note(messageId, true);
    return answers;
  }

  #note(messageId: MessageId, ended = false): void {
    const waiting = this.#waiting.get(messageId);
    if (waiting === undefined && !ended) return;
    const { answers: _, shown: __, ...kept } = waiting ?? { answers: null };
    this.#core.durable.note(`react/${messageId}`, waiting === undefined ? null : kept);
    this.#core.durable.flush();
  }
}
