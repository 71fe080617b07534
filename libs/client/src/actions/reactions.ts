import type { ConversationId, ImError, MessageId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { setNewest } from '../basics/newest.ts';
import type { ChatMessage } from '../conversations/chat-message.ts';
import { type ConversationKey, keyOfId, peerIn } from '../conversations/direct.ts';
import { joinedReactions, reactionsIn, type ShownReactions, withReaction } from '../conversations/shown-reactions.ts';
import type { Core } from '../core.ts';
import type { ActionHost, ActionKind, ActionPart } from './action-part.ts';
import type { ActionSender, OwnAction } from './action-sender.ts';
import { OwnReactions, type WaitingReactions } from './own-reactions.ts';

/** Reactions to messages that are not in memory. Beyond: the oldest are forgotten; a synced message brings its own. */
const MAX_EARLY = 1_000;

/**
 * Reactions to messages: what the server tells of them and, shown at once, the user's own that it has not answered. Those
 * are sent again after each login: their `actionId` makes that harmless.
 */
export class Reactions implements ActionKind {
  readonly calls: Pick<ActionPart['calls'], 'react'>;
  readonly #core: Core;
  readonly #own: OwnReactions;
  readonly #early = new Map<MessageId, ShownReactions>();

  constructor({ core, keyOf }: ActionHost, sender: ActionSender) {
    this.#core = core;
    this.#own = new OwnReactions(core, sender);
    this.calls = {
      react: async (conversation, messageId, emoji, on = true) =>
        this.#react(keyOf(conversation), messageId, emoji, on),
    };
    core.emitter.on('message', ({ message }) => this.#shown(message));
    core.emitter.on('update', ({ message: { messageId, reactions } }) => {
      if (reactions !== undefined && messageId !== '') this.#own.renamed(messageId, reactions);
    });
    core.emitter.on('recall', ({ conversationId, messageId }) => {
      this.#early.delete(messageId);
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
    if (waiting !== undefined) this.#show(key, messageId, waiting);
    for (const { reject } of answers) reject(error);
    return true;
  }

  online(): void {
    this.#own.online();
  }

  closed(): void {
    this.#own.closed();
  }

  /** A message that is not in memory may come later, with the reactions that it had first. */
  #tell(
    conversationId: ConversationId,
    messageId: MessageId,
    said: ShownReactions,
    waiting: WaitingReactions | undefined,
  ): void {
    const { timeline, durable, emitter, userId } = this.#core;
    const key = keyOfId(conversationId);
    const known = timeline.peek(key)?.find(messageId);
    const before = waiting?.base ?? known?.reactions ?? this.#early.get(messageId);
    const reactions = joinedReactions(before, said);
    if (waiting !== undefined) {
      waiting.base = reactions;
      this.#own.note(messageId);
    }
    if (known === undefined) {
      setNewest(this.#early, messageId, reactions, MAX_EARLY);
      durable.keeper?.change(key, messageId, { reactions });
    } else if (waiting !== undefined) this.#show(key, messageId, waiting);
    else if (known.recalledAt === undefined) timeline.change(key, messageId, { reactions });
    emitter.emit('reactions', { conversationId, peer: peerIn(userId, conversationId), messageId, reactions });
  }

  /** What the server said last, and what it will say. */
  #show(key: ConversationKey, messageId: MessageId, waiting: WaitingReactions): void {
    const { timeline } = this.#core;
    const { base, wanted } = waiting;
    if (timeline.peek(key)?.find(messageId)?.recalledAt !== undefined) return;
    let reactions = base;
    for (const [emoji, { on }] of Object.entries(wanted)) reactions = withReaction(reactions, emoji, on);
    waiting.shown = reactions;
    timeline.change(key, messageId, { reactions });
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

  async #react(key: ConversationKey, messageId: MessageId, emoji: string, on: boolean): Promise<void> {
    const answered = this.#own.add(key, messageId, emoji, on);
    const waiting = this.#own.get(messageId);
    if (waiting !== undefined) this.#show(key, messageId, waiting);
    this.#own.send(messageId, emoji);
    return answered;
  }
}
