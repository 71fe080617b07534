import { type ConversationId, ImError, type MessageContent, type MessageId, type UserId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { setNewest } from '../basics/newest.ts';
import { type OpenPromise, withResolvers } from '../basics/open-promise.ts';
import { serverError } from '../connection/server-error.ts';
import type { ChatMessage } from '../conversations/chat-message.ts';
import { type ConversationKey, keyOfId, peerIn } from '../conversations/direct.ts';
import type { Core } from '../core.ts';
import { newMessageId } from '../sending/new-message-id.ts';
import type { ActionHost, ActionPart } from './action-part.ts';

const REF = '#edit/';
/** Edits that wait for the server. Beyond: `overloaded`. */
const MAX_EDITS = 100;
/** Edits of messages that are not in memory. Beyond: the oldest are forgotten; a synced message brings its own. */
const MAX_EARLY = 1_000;
/** After a refusal that may pass, ms. */
const RETRY_MS = 1_000;

/** An edit that the server has not answered, as the store keeps it. */
interface Unanswered {
  by: UserId;
  conversationId: ConversationId;
  messageId: MessageId;
  actionId: string;
  content: MessageContent;
}

/** What an edit made of a message. */
type Edition = Required<Pick<ChatMessage, 'content' | 'editedAt' | 'revision'>>;

interface Waiting extends Unanswered {
  /** Who waits for the answer; nobody after a restart. */
  answers: OpenPromise<void>[];
}

/**
 * Edits of messages. An own one is kept in the store until the server has answered it, and is sent again after each login:
 * its `actionId` makes that harmless.
 */
export class Edits implements Omit<ActionPart, 'calls'> {
  readonly calls: Pick<ActionPart['calls'], 'edit'>;
  readonly #core: Core;
  readonly #waiting = new Map<MessageId, Waiting>();
  readonly #early = new Map<MessageId, Edition>();

  constructor({ core, keyOf }: ActionHost) {
    this.#core = core;
    this.calls = {
      edit: async (conversation, messageId, content) => this.#edit(keyOf(conversation), messageId, content),
    };
    for (const [messageId, edit] of core.durable.all<Unanswered>('edit/'))
      this.#waiting.set(messageId, { ...edit, answers: [] });
    core.emitter.on('message', ({ message }) => this.#shown(message));
    core.emitter.on('state', ({ state }) => {
      if (state === 'online') this.#resend();
      else if (state === 'closed') this.#closed();
    });
  }

  told({ conversationId, messageId, actionId, content, editedAt, revision }: ServerFrameOf<'action'>): void {
    if (content !== undefined && editedAt !== undefined && revision !== undefined)
      this.#tell(conversationId, messageId, { content, editedAt, revision });
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
    const message = this.#core.timeline.peek(keyOfId(conversationId))?.find(messageId);
    return message !== undefined && message.recalledAt === undefined;
  }

  error(frame: ServerFrameOf<'error'>): boolean {
    const { ref } = frame;
    if (!ref?.startsWith(REF)) return false;
    const [, messageId = '', actionId] = ref.split('/');
    const edit = this.#waiting.get(messageId);
    if (edit?.actionId !== actionId || edit === undefined) return true;
    const error = serverError(frame);
    if (error.retry === 'never') for (const { reject } of this.#take(messageId)) reject(error);
    else
      this.#core.clock.after(frame.retryAfterMs ?? RETRY_MS, () => {
        if (this.#waiting.get(messageId) === edit) this.#send(edit);
      });
    return true;
  }

  /** A later edit of the message takes the place of one that still waits. */
  async #edit(key: ConversationKey, messageId: MessageId, content: MessageContent): Promise<void> {
    const { timeline, random, userId } = this.#core;
    const former = this.#waiting.get(messageId);
    if (former === undefined && this.#waiting.size >= MAX_EDITS)
      throw new ImError('overloaded', 'too many edits are waiting');
    const { conversationId } = timeline.view(key);
    const answer = withResolvers<void>();
    const answers = [...(former?.answers ?? []), answer];
    const edit = { by: userId, conversationId, messageId, actionId: newMessageId(random), content, answers };
    this.#waiting.set(messageId, edit);
    const { answers: _, ...kept } = edit;
    this.#core.durable.note(`edit/${messageId}`, kept);
    this.#core.durable.flush();
    this.#send(edit);
    return answer.promise;
  }

  /** Offline, it waits for the next login. */
  #send({ conversationId, messageId, actionId, content }: Waiting): void {
    const ref = `${REF}${messageId}/${actionId}`;
    this.#core.transmit({ type: 'action', action: 'edit', conversationId, messageId, actionId, content, ref });
  }

  #resend(): void {
    for (const edit of this.#waiting.values()) {
      if (edit.by === this.#core.userId) this.#send(edit);
      else this.#waiting.delete(edit.messageId);
    }
  }

  /** They are sent after the next login all the same. */
  #closed(): void {
    const error = new ImError('connection_closed', 'the client was closed: the edit is sent after the next login');
    for (const { answers } of this.#waiting.values()) for (const { reject } of answers.splice(0)) reject(error);
  }

  #take(messageId: MessageId): OpenPromise<void>[] {
    const { answers = [] } = this.#waiting.get(messageId) ?? {};
    this.#waiting.delete(messageId);
    this.#core.durable.note(`edit/${messageId}`, null);
    this.#core.durable.flush();
    return answers;
  }
}

/** Whether the message was recalled, or has this edit or a later one. */
function isFormer({ revision }: Edition, known: Partial<ChatMessage> | undefined): boolean {
  return known?.recalledAt !== undefined || revision <= (known?.revision ?? 0);
}
