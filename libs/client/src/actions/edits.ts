import {
  type ConversationId,
  defined,
  ImError,
  type MessageContent,
  type MessageId,
  type UserId,
} from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { setNewest } from '../basics/newest.ts';
import { type OpenPromise, withResolvers } from '../basics/open-promise.ts';
import type { ChatMessage } from '../conversations/chat-message.ts';
import { type ConversationKey, keyOfId, peerIn } from '../conversations/direct.ts';
import type { Core } from '../core.ts';
import { newMessageId } from '../sending/new-message-id.ts';
import { type ActionOrigin, originOf, ownedBy } from './action-origin.ts';
import type { ActionHost, ActionKind, ActionPart } from './action-part.ts';
import { type ActionSender, anotherUserError, closedError, type OwnAction } from './action-sender.ts';

/** Edits that wait for the server. Beyond: `overloaded`. */
const MAX_EDITS = 100;
/** Edits of messages that are not in memory. Beyond: the oldest are forgotten; a synced message brings its own. */
const MAX_EARLY = 1_000;

/** An edit that the server has not answered, as the store keeps it. */
interface Unanswered extends ActionOrigin {
  messageId: MessageId;
  actionId: string;
  content: MessageContent;
  mentions?: UserId[];
}

/** What an edit made of a message. */
type Edition = Required<Pick<ChatMessage, 'content' | 'editedAt' | 'revision'>> & Pick<ChatMessage, 'mentions'>;

interface Waiting extends Unanswered {
  /** Who waits for the answer; nobody after a restart. */
  answers: OpenPromise<void>[];
}

/**
 * Edits of messages. An own one is kept in the store until the server has answered it, and is sent again after each login:
 * its `actionId` makes that harmless.
 */
export class Edits implements ActionKind {
  readonly calls: Pick<ActionPart['calls'], 'edit'>;
  readonly #core: Core;
  readonly #sender: ActionSender;
  readonly #waiting = new Map<MessageId, Waiting>();
  readonly #early = new Map<MessageId, Edition>();

  constructor({ core, keyOf }: ActionHost, sender: ActionSender) {
    this.#core = core;
    this.#sender = sender;
    this.calls = {
      edit: async (conversation, messageId, content, mentions) =>
        this.#edit(keyOf(conversation), messageId, { content, ...(mentions && { mentions: [...mentions] }) }),
    };
    for (const [messageId, edit] of core.durable.all<Unanswered>('edit/'))
      this.#waiting.set(messageId, { ...edit, answers: [] });
    core.emitter.on('message', ({ message }) => this.#shown(message));
  }

  told({ conversationId, messageId, actionId, content, mentions, editedAt, revision }: ServerFrameOf<'action'>): void {
    if (content !== undefined && editedAt !== undefined && revision !== undefined)
      this.#tell(conversationId, messageId, { content, editedAt, revision, ...defined({ mentions }) });
    if (actionId !== undefined && this.#waiting.get(messageId)?.actionId === actionId)
      for (const { resolve } of this.#take(messageId)) resolve();
  }

  #tell(conversationId: ConversationId, messageId: MessageId, edition: Edition): void {
    const { emitter, userId } = this.#core;
    this.#edited(keyOfId(conversationId), messageId, edition);
    emitter.emit('edit', { conversationId, peer: peerIn(userId, conversationId), messageId, ...edition });
  }

  /** A message that is not in memory may come later, with the content that it had first. */
  #edited(key: ConversationKey, messageId: MessageId, edition: Edition): void {
    const { timeline, durable } = this.#core;
    const known = timeline.peek(key)?.find(messageId);
    if (known === undefined) {
      if (!isFormer(edition, this.#early.get(messageId))) setNewest(this.#early, messageId, edition, MAX_EARLY);
      durable.keeper?.change(key, messageId, edition);
    } else if (!isFormer(edition, known)) timeline.change(key, messageId, edition);
  }

  /** A message is shown: what is known of it follows, once the application has been told of the message. */
  #shown({ messageId, conversationId }: ChatMessage): void {
    if (messageId === '' || conversationId === '') return;
    const edition = this.#early.get(messageId);
    if (edition === undefined) return;
    this.#core.clock.after(0, () => this.#edited(keyOfId(conversationId), messageId, edition));
  }

  lacks({ action, conversationId, messageId, content, position }: ServerFrameOf<'action'>): boolean {
    if (action !== 'edit' || content !== undefined || position === undefined) return false;
    // One that is not in memory may be in the database, or in a page that was read before the edit and is on its way.
    return this.#core.timeline.peek(keyOfId(conversationId))?.find(messageId)?.recalledAt === undefined;
  }

  refused({ messageId }: Pick<OwnAction, 'messageId'>, error: ImError): boolean {
    for (const { reject } of this.#take(messageId)) reject(error);
    return true;
  }

  /** A later edit of the message takes the place of one that still waits. */
  async #edit(
    key: ConversationKey,
    messageId: MessageId,
    wanted: Pick<Unanswered, 'content' | 'mentions'>,
  ): Promise<void> {
    const former = this.#waiting.get(messageId);
    if (former === undefined && this.#waiting.size >= MAX_EDITS)
      throw new ImError('overloaded', 'too many edits are waiting');
    const origin = originOf(this.#core, key);
    const answer = withResolvers<void>();
    const answers = [...(former?.answers ?? []), answer];
    if (former !== undefined) this.#sender.ended(former.actionId);
    const edit = { ...origin, messageId, actionId: newMessageId(this.#core.random), ...wanted, answers };
    this.#keep(edit);
    this.#send(edit);
    return answer.promise;
  }

  #keep(edit: Waiting): void {
    const { answers: _, ...kept } = edit;
    this.#waiting.set(edit.messageId, edit);
    this.#note(edit.messageId, kept);
  }

  #send({ conversationId, messageId, actionId, content, mentions }: Waiting): void {
    const edit = { content, ...defined({ mentions }) };
    this.#sender.send({ action: 'edit', conversationId, messageId, actionId, ...edit });
  }

  online(): void {
    for (const edit of [...this.#waiting.values()]) {
      const origin = ownedBy(this.#core.userId, edit);
      if (origin === undefined) this.refused(edit, anotherUserError());
      else {
        if (origin !== edit) this.#keep(Object.assign(edit, origin));
        this.#send(edit);
      }
    }
  }

  closed(): void {
    for (const { answers } of this.#waiting.values()) for (const { reject } of answers.splice(0)) reject(closedError());
  }

  #take(messageId: MessageId): OpenPromise<void>[] {
    const edit = this.#waiting.get(messageId);
    if (edit !== undefined) this.#sender.ended(edit.actionId);
    this.#waiting.delete(messageId);
    this.#note(messageId, null);
    return edit?.answers ?? [];
  }

  #note(messageId: MessageId, kept: Unanswered | null): void {
    this.#core.durable.note(`edit/${messageId}`, kept);
    this.#core.durable.flush();
  }
}

/** Whether the message was recalled, or has this edit or a later one. */
function isFormer({ revision }: Edition, known: Partial<ChatMessage> | undefined): boolean {
  return known?.recalledAt !== undefined || revision <= (known?.revision ?? 0);
}
