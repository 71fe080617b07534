import type { ConversationId, ImError, MessageId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import type { ChatMessage } from '../conversations/chat-message.ts';
import { type ConversationKey, keyOf, keyOfId } from '../conversations/direct.ts';
import {
  joinedReactions,
  type ReactedMessage,
  reactedMessage,
  reactionsIn,
  type ShownReactions,
  withReaction,
} from '../conversations/shown-reactions.ts';
import type { Core } from '../core.ts';
import type { ActionHost, ActionKind, ActionPart } from './action-part.ts';
import type { ActionSender, OwnAction } from './action-sender.ts';
import { KnownReactions, NO_REACTIONS } from './known-reactions.ts';
import { OwnReactions } from './own-reactions.ts';
import type { WaitingReactions } from './waiting-reactions.ts';

/**
 * Reactions to messages, in memory or not: what the server tells of them and, shown at once, the user's own that it has not
 * answered. Those are sent again after each login: their `actionId` makes that harmless.
 */
export class Reactions implements ActionKind {
  readonly calls: Pick<ActionPart['calls'], 'react'>;
  readonly #core: Core;
  readonly #own: OwnReactions;
  readonly #known: KnownReactions;

  constructor({ core, keyOf }: ActionHost, sender: ActionSender) {
    this.#core = core;
    this.#known = new KnownReactions(core);
    this.#own = new OwnReactions(core, sender);
    this.calls = {
      react: async (conversation, message, emoji, on = true) =>
        this.#react(keyOf(conversation), reactedMessage(message), emoji, on),
    };
    core.emitter.on('message', ({ message }) => this.#shown(message));
    core.emitter.on('update', ({ message, previousIndex }) => {
      const { messageId, reactions } = message;
      if (previousIndex < 0) this.#shown(message);
      if (reactions !== undefined && messageId !== '') this.#own.renamed(messageId, reactions);
    });
    core.emitter.on('recall', ({ conversationId, messageId }) => {
      this.#known.take(messageId);
      core.timeline.change(keyOfId(conversationId), messageId, { reactions: undefined });
    });
  }

  told(frame: ServerFrameOf<'action'>): void {
    const { conversationId, messageId, changes = [] } = frame;
    const { userId } = this.#core;
    const said = reactionsIn(frame, userId);
    const waiting = this.#own.get(messageId);
    const own = changes.filter(({ by }) => by === userId).map(({ actionId }) => actionId);
    const done = Object.entries(waiting?.wanted ?? {}).filter(([, { actionId }]) => own.includes(actionId));
    const answers = done.flatMap(([emoji]) => this.#own.take(messageId, emoji));
    if (said !== undefined) this.#tell(conversationId, messageId, said, waiting);
    for (const { resolve } of answers) resolve();
  }

  /** Whether it came without the reactions to a message that is shown: a sync brings them. */
  lacks({ conversationId, messageId, reactions, position }: ServerFrameOf<'action'>): boolean {
    if (reactions !== undefined || position === undefined) return false;
    const message = this.#core.timeline.peek(keyOfId(conversationId))?.find(messageId);
    return message !== undefined && message.recalledAt === undefined;
  }

  refused({ conversationId, messageId, emoji = '' }: OwnAction, error: ImError): boolean {
    const key = keyOfId(conversationId);
    const isProvisional = this.#core.timeline.peek(key)?.find(messageId)?.provisional === true;
    // The server may know it under another id.
    if (error.code === 'message_not_found' && isProvisional) return false;
    const waiting = this.#own.get(messageId);
    const answers = this.#own.take(messageId, emoji);
    if (waiting !== undefined) this.#showOwn(key, messageId, waiting);
    for (const { reject } of answers) reject(error);
    return true;
  }

  online(): void {
    this.#own.online();
    for (const [messageId, waiting] of this.#own.all()) {
      // An earlier run of the program has left it.
      if (waiting.shown === undefined) this.#showOwn(keyOf(waiting), messageId, waiting);
    }
  }

  closed(): void {
    this.#own.closed();
  }

  #tell(
    conversationId: ConversationId,
    messageId: MessageId,
    said: ShownReactions,
    waiting: WaitingReactions | undefined,
  ): void {
    const key = keyOfId(conversationId);
    const reactions = joinedReactions(waiting?.base ?? this.#known.of(key, messageId), said);
    this.#known.keep(key, messageId, reactions);
    if (waiting === undefined) this.#known.show(key, messageId, reactions);
    else {
      waiting.base = reactions;
      this.#own.note(messageId);
      this.#showOwn(key, messageId, waiting);
    }
  }

  /** What the server said last, and what it will say. */
  #showOwn(key: ConversationKey, messageId: MessageId, waiting: WaitingReactions): void {
    let reactions = waiting.base;
    for (const [emoji, { on }] of Object.entries(waiting.wanted)) reactions = withReaction(reactions, emoji, on);
    waiting.shown = reactions;
    this.#known.show(key, messageId, reactions);
  }

  /** What is known of a message that is shown follows, once the application has been told of the message. */
  #shown({ messageId, conversationId, reactions = NO_REACTIONS }: ChatMessage): void {
    if (conversationId === '' || messageId === '') return;
    const early = this.#known.take(messageId);
    if (early === undefined && this.#own.get(messageId) === undefined) return;
    this.#core.clock.after(0, () => {
      for (const said of [reactions, early]) {
        if (said !== undefined) this.#tell(conversationId, messageId, said, this.#own.get(messageId));
      }
    });
  }

  async #react(
    key: ConversationKey,
    { messageId, reactions }: ReactedMessage,
    emoji: string,
    on: boolean,
  ): Promise<void> {
    const known = this.#known.of(key, messageId);
    const base = reactions === undefined ? known : joinedReactions(known, reactions);
    const answered = this.#own.add(key, { messageId, reactions: base }, emoji, on);
    const waiting = this.#own.get(messageId);
    if (waiting !== undefined) this.#showOwn(key, messageId, waiting);
    this.#own.send(messageId, emoji);
    return answered;
  }
}
