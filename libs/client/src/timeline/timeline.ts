import { type ConversationId, defined, type MessageId, type ReceiptState, type UserId } from '@chasqui/domain';
import type { Emitter } from '../basics/emitter.ts';
import { setNewest } from '../basics/newest.ts';
import { type ChatMessage, laterState } from '../conversations/chat-message.ts';
import { type ConversationKey, directWith, keyOf, keyOfId, namedBy } from '../conversations/direct.ts';
import { KeptConversation } from '../conversations/kept-conversation.ts';
import type { ClientEvents } from '../events.ts';
import type { ClientLimits } from '../limits.ts';
import type { KeptMessage, MessageKeeper } from '../storing/durable-store.ts';

type Bounds = Pick<ClientLimits, 'maxMessages' | 'maxConversations' | 'maxKeptCharacters'>;
type Recall = Required<Pick<ChatMessage, 'content' | 'recalledAt' | 'recalledBy'>>;
type Change = Partial<Omit<ChatMessage, 'conversationId' | 'peer' | 'clientMessageId' | 'mine'>>;

/**
 * Messages of which it is known what became of them. Beyond: the oldest are forgotten; what the log brings later is read later,
 * and says so itself.
 */
const MAX_FATES = 1_000;

/**
 * The conversations in memory, with every change as an event. Beyond the bound the least recently touched is evicted.
 */
export class Timeline {
  readonly #views = new Map<ConversationKey, KeptConversation>();
  readonly #emitter: Emitter<ClientEvents>;
  readonly #limits: Bounds;
  readonly #keeper: MessageKeeper | undefined;
  /** Characters in all views. */
  #characters = 0;
  #owner: UserId | '' = '';
  /**
   * Recalls of messages that are not known under these ids yet, and (null) what the user has hidden: a frame that was made
   * before may still bring it.
   */
  readonly #fates = new Map<MessageId, Recall | null>();

  /** `keeper`: gets every change of what is stored. */
  constructor(emitter: Emitter<ClientEvents>, limits: Bounds, keeper?: MessageKeeper) {
    this.#emitter = emitter;
    this.#limits = limits;
    this.#keeper = keeper;
  }

  view(key: ConversationKey): KeptConversation {
    const view = this.#views.get(key) ?? this.#newView(key);
    setNewest(this.#views, key, view);
    this.#shed();
    return view;
  }

  of(conversationId: ConversationId): KeptConversation {
    return this.view(keyOfId(conversationId));
  }

  /** As `view`; also under the other user's id. */
  with(to: ConversationKey): KeptConversation {
    return this.view(keyOf(namedBy(this.#owner, to)));
  }

  /** As `view`, but not touched, and undefined if it is not in memory. */
  peek(key: ConversationKey): KeptConversation | undefined {
    return this.#views.get(key);
  }

  conversations(): KeptConversation[] {
    return [...this.#views.values()];
  }

  /** Sets the owner of the conversations: messages written before the first login become this user's. */
  ownedBy(owner: UserId): void {
    this.#owner = owner;
    const views = [...this.#views.values()];
    this.#views.clear();
    for (const view of views) {
      this.#own(view, owner);
      this.#views.set(keyOf(view), view);
    }
  }

  clear(): void {
    this.#views.clear();
    this.#characters = 0;
    this.#owner = '';
    this.#fates.clear();
  }

  /** Messages of an earlier run of the program, those of the conversation that was used last first. */
  restore(messages: readonly KeptMessage[]): void {
    for (const { conversation, message } of messages.toReversed()) {
      this.#insert(this.view(conversation), this.known(message));
    }
  }

  /** A message is shown for the first time; or an own one that was refused, of which an earlier copy is stored after all. */
  show(shown: ChatMessage): void {
    const message = this.known(shown);
    const view = this.view(keyOf(message));
    const { mine, clientMessageId, provisional } = message;
    const refused =
      mine && view.messages.findLast((one) => one.state === 'failed' && one.clientMessageId === clientMessageId);
    if (refused) this.change(keyOf(view), refused.sortKey, message);
    else this.#emitter.emit('message', { message, index: this.#put(view, message), provisional });
  }

  /** Inserts an own message, or one that was shown before a restart. */
  place(placed: ChatMessage): void {
    if (this.isHidden(placed)) return;
    const message = this.known(placed);
    const index = this.#put(this.view(keyOf(message)), message);
    if (index >= 0) this.#emitter.emit('update', { message, index, previousIndex: -1 });
  }

  /** Changes one message if it is still kept and anything differs. States only move forward; a recall is the last word. */
  change(key: ConversationKey, former: string, change: Change): void {
    const view = this.view(key);
    const old = view.find(former);
    if (old === undefined) return;
    const { refusal: _, ...accepted } = old;
    const state = laterState(old.state, change.state ?? old.state);
    const sortKey = change.messageId || change.sortKey || old.sortKey;
    // An ack or the log may still say what it said before.
    const content = old.recalledAt === undefined ? undefined : old.content;
    const message = this.known({
      ...{ ...(state === 'failed' ? old : accepted), ...change, sortKey, state },
      ...defined({ content }),
    });
    if (Object.entries(message).every(([field, value]) => old[field as keyof ChatMessage] === value)) return;
    // An own message of which the server says only now under which id it is stored, and hidden.
    if (this.isHidden(message)) {
      this.retract(key, former as MessageId);
      return;
    }
    const previousIndex = sortKey === former ? undefined : this.remove(view, former);
    this.#keeper?.changed(keyOf(view), old, message);
    const index = this.#insert(view, message);
    this.#emitter.emit('update', { message, index, previousIndex: previousIndex ?? index });
  }

  /** The log has this message here: whatever is known of it is kept. Returns false if it is not in memory. */
  keep(key: ConversationKey, sortKey: string): boolean {
    const message = this.view(key).find(sortKey);
    if (message !== undefined) this.#keeper?.put(key, message);
    return message !== undefined;
  }

  /** A message was recalled. It may come later, or still have another id. */
  recall(key: ConversationKey, messageId: MessageId, recall: Recall): void {
    if (this.view(key).find(messageId) !== undefined) {
      this.change(key, messageId, recall);
      return;
    }
    setNewest(this.#fates, messageId, recall, MAX_FATES);
    this.#keeper?.change(key, messageId, recall);
  }

  /** A provisional message is retracted. */
  retract(key: ConversationKey, messageId: MessageId): void {
    const view = this.view(key);
    const { conversationId, peer } = view;
    const message = view.find(messageId);
    this.remove(view, messageId);
    this.#keeper?.remove(key, messageId);
    this.#emitter.emit('retract', { conversationId, peer, messageId, ...defined({ message }) });
  }

  /** The user has hidden a message, which is not shown any more, whatever still brings it. */
  hide(key: ConversationKey, messageId: MessageId): void {
    setNewest(this.#fates, messageId, null, MAX_FATES);
    this.retract(key, messageId);
  }

  isHidden({ messageId }: Pick<ChatMessage, 'messageId'>): boolean {
    return this.#fates.get(messageId) === null;
  }

  /** Without an event. Returns the index that it had; -1: not found. */
  remove(view: KeptConversation, sortKey: string): number {
    const before = view.characters;
    const index = view.remove(sortKey);
    this.#characters += view.characters - before;
    return index;
  }

  /** Own messages that are named, or all up to `upTo`, have reached this status. */
  receipt(
    key: ConversationKey,
    state: ReceiptState,
    messageIds: readonly MessageId[],
    upTo: MessageId | undefined,
  ): void {
    for (const id of messageIds) {
      const message = this.view(key).find(id);
      if (message === undefined) this.#keeper?.change(key, id, { state });
      else if (message.mine) this.change(key, id, { state });
    }
    if (upTo === undefined) return;
    const view = this.view(key);
    if (upTo > view.peerReadUpTo) view.peerReadUpTo = upTo;
    for (const { mine, messageId, state: old } of view.messages) {
      if (mine && old !== state && messageId !== '' && messageId <= upTo) this.change(key, messageId, { state });
    }
  }

  /** A recall, or the peer's mark, may have come before the message, or before it came again (C7). */
  known(message: ChatMessage): ChatMessage {
    const { messageId, mine, state } = message;
    if (messageId === '') return message;
    const known = { ...message, ...this.#fates.get(messageId) };
    const readUpTo = (mine && this.peek(keyOf(message))?.peerReadUpTo) || '';
    const isRead = state !== 'failed' && messageId <= readUpTo;
    return isRead ? { ...known, state: 'read' } : known;
  }

  #own(view: KeptConversation, owner: UserId): void {
    const conversationId = view.conversationId || directWith(owner, view.peer).conversationId;
    if (conversationId === '') return;
    view.conversationId = conversationId;
    for (const message of view.messages) {
      if (message.from === '') view.put({ ...message, from: owner, conversationId });
    }
  }

  #newView(key: ConversationKey): KeptConversation {
    const view = new KeptConversation(namedBy(this.#owner, key), this.#limits.maxMessages);
    this.#keeper?.restore(key, view);
    return view;
  }

  #put(view: KeptConversation, message: ChatMessage): number {
    this.#keeper?.put(keyOf(view), message);
    return this.#insert(view, message);
  }

  #insert(view: KeptConversation, message: ChatMessage): number {
    const before = view.characters;
    const index = view.put(message);
    this.#characters += view.characters - before;
    this.#shed();
    return index;
  }

  /** The conversation in use is the last one, and is never evicted. */
  #shed(): void {
    const { maxConversations, maxKeptCharacters } = this.#limits;
    for (const [key, { characters }] of this.#views) {
      const fits = this.#views.size <= maxConversations && this.#characters <= maxKeptCharacters;
      if (fits || this.#views.size === 1) break;
      this.#views.delete(key);
      this.#characters -= characters;
    }
  }
}
