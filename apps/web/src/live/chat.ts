import { type ChatMessage, type FullClient, ImError, type Notice } from '@chasqui/client';
import {
  type ConversationId,
  defined,
  isGroupId,
  type Mentions,
  type MessageId,
  type MessageReference,
  STATE_LIMITS,
  timeOf,
  type UserId,
} from '@chasqui/domain';
import type { Api } from '../api.ts';
import { GroupsApi } from '../groups-api.ts';
import { MessagesApi } from '../messages-api.ts';
import { isStored, nextAnswered, type StoredMessage } from '../model/answerable.ts';
import { peerIn } from '../model/direct.ts';
import { noticesAfter, withNotices } from '../model/notice-places.ts';
import { mergeTimeline } from '../model/timeline.ts';
import { Store } from '../store.ts';
import { ChatHistory } from './chat-history.ts';
import { GroupDetails } from './group-details.ts';
import { NoticeHistory } from './notice-history.ts';
import { Quotes } from './quotes.ts';
import { Reactions } from './reactions.ts';
import { Selection } from './selection.ts';

/** How long a message that was gone to is highlighted. */
const GOAL_MS = 3_000;

export interface JumpTarget {
  readonly messageId: MessageId;
}

/** Notices kept of one group. Beyond: the oldest is forgotten. */
const MAX_NOTICES = 2_000;

/** One open conversation: its history and its live messages merged into one list. */
export class Chat extends Store<readonly ChatMessage[]> {
  readonly conversationId: ConversationId;
  /** The other user of a direct conversation; empty in any other. */
  readonly peer: UserId;
  readonly isGroup: boolean;
  readonly history: ChatHistory;
  /** What answers quote of messages that are not loaded. */
  readonly quotes: Quotes;
  readonly reactions: Reactions;
  /** The message that is brought into view and highlighted for a moment. */
  readonly goal = new Store<JumpTarget | null>(null);
  /** The message from which the reader went to one that it quotes. */
  readonly cameFrom = new Store<MessageId | ''>('');
  /** Of a group: what happened in it, as far back as its messages are loaded. */
  readonly notices = new Store<readonly Notice[]>([]);
  /** Of a group. */
  readonly details: GroupDetails | undefined;
  /** The message that the next one answers. */
  readonly answered = new Store<StoredMessage | null>(null);
  readonly selection = new Selection();
  /** The messages that the user is forwarding. */
  readonly forwarded = new Store<readonly ChatMessage[]>([]);
  /** The message that is edited in the composer. */
  readonly editing = new Store<ChatMessage | null>(null);
  readonly #client: FullClient;
  /** Messages that the user has deleted for themselves. */
  readonly #hidden = new Set<MessageId>();
  #byId: ReadonlyMap<string, ChatMessage> | undefined;
  /** What the user wrote into the composer since this was opened. */
  #written: string | undefined;
  /** Failed messages that the user has dismissed or sent again. */
  readonly #dismissed = new Set<string>();

  constructor(api: Api, client: FullClient, me: UserId, conversationId: ConversationId, signal: AbortSignal) {
    super([]);
    this.conversationId = conversationId;
    this.peer = peerIn(conversationId, me);
    this.isGroup = isGroupId(conversationId);
    this.#client = client;
    const messages = new MessagesApi(api);
    this.quotes = new Quotes(messages, client, conversationId, signal);
    this.reactions = new Reactions(client, this, signal);
    const { quotes, reactions } = this;
    this.history = new ChatHistory({ api, client, me, conversationId, quotes, reactions }, signal);
    this.details = this.isGroup ? new GroupDetails(api, client, conversationId, signal) : undefined;
    const merge = () => this.#merge();
    const ends = [
      this.history.subscribe(merge),
      client.on('message', ({ message }) => message.conversationId === conversationId && merge()),
      client.on('update', ({ message }) => message.conversationId === conversationId && merge()),
      client.on('notice', (notice) => notice.conversationId === conversationId && this.#noted([notice])),
      client.on('conversation_state', (state) => state.conversationId === conversationId && merge()),
      client.on('retract', (retracted) => retracted.conversationId === conversationId && this.#gone(retracted)),
    ];
    signal.addEventListener('abort', () => {
      for (const end of ends) end();
    });
    merge();
    if (this.isGroup) this.#followNotices(new GroupsApi(api));
  }

  #followNotices(groups: GroupsApi): void {
    const past = new NoticeHistory(groups, this.conversationId, (notices) => this.#noted(notices));
    this.history.subscribe(() => {
      const { status, nextBefore, messages } = this.history.get();
      const [first] = messages;
      if (status === 'ready') void past.cover(nextBefore === undefined || first === undefined ? 0 : first.sentAt);
    });
  }

  /** The name that others see; an id where it is not known. */
  readonly nameOf = (userId: UserId): string => this.details?.nameOf(userId) ?? userId;

  /** Loads a message and what is around it, and brings it into view. `from`: the way back. */
  async show(messageId: MessageId, from: MessageId | '' = ''): Promise<void> {
    const goal = { messageId };
    this.goal.set(goal);
    this.cameFrom.set(from);
    await this.history.goTo(messageId);
    setTimeout(() => this.goal.get() === goal && this.goal.set(null), GOAL_MS);
  }

  /** What the next message answers. */
  get replyTo(): MessageReference | undefined {
    const answered = this.answered.get();
    return answered === null ? undefined : { messageId: answered.messageId };
  }

  /** Null: the message is on its way. Else the error; the text then stays in the composer. */
  send(text: string, mentions?: Mentions): ImError | null {
    const message = { ...this.#address, content: { text }, ...defined({ mentions, replyTo: this.replyTo }) };
    const { error = null } = this.#client.send(message);
    if (this.history.get().detached) void this.history.latest();
    return error;
  }

  /** A message that is loaded. */
  find(messageId: MessageId): ChatMessage | undefined {
    this.#byId ??= new Map(this.get().map((message) => [message.messageId, message]));
    return this.#byId.get(messageId);
  }

  /** The messages that can be selected, in order. */
  storedIds(): MessageId[] {
    return this.get()
      .filter(isStored)
      .map(({ messageId }) => messageId);
  }

  /** Answers the message before (-1) or behind (1) the one that is answered, and shows it. */
  answerNext(step: -1 | 1): void {
    const next = nextAnswered(this.get(), this.answered.get(), step);
    this.answered.set(next);
    if (next !== null) void this.show(next.messageId);
  }

  /** Deletes messages for the user alone. Errors: the server's; what was deleted before stays so. */
  async hide(messageIds: readonly MessageId[]): Promise<void> {
    await this.#client.hide(this, messageIds);
    for (const id of messageIds) this.#hidden.add(id);
    this.selection.leaveOut(messageIds);
    this.history.leaveOut(messageIds);
    this.#merge();
  }

  /** Begins to edit a message in the composer; without one: the last own message that has a text. */
  edit(
    message = this.get().findLast(
      ({ mine, messageId, content, forwarded }) => mine && messageId !== '' && content.text && !forwarded,
    ),
  ): void {
    if (message === undefined) return;
    this.answered.set(null);
    this.editing.set(message);
  }

  /** Returns null, or the error. The message changes when everybody has it. An edit mentions members, never all. */
  async saveEdit({ messageId, content }: ChatMessage, text: string, named?: Mentions): Promise<ImError | null> {
    if (messageId === '' || text === content.text) return null;
    try {
      const { data } = content;
      const mentions = named === 'all' ? undefined : named;
      await this.#client.edit(this, messageId, { ...defined({ data }), text }, mentions);
      return null;
    } catch (error) {
      return ImError.from(error);
    }
  }

  /** The unsent text in the composer: until the user writes, what is kept, which this device may learn late. */
  get draft(): string {
    return this.#written ?? this.#kept;
  }

  set draft(text: string) {
    this.#written = text;
  }

  /** Tells the user's other devices what is in the composer. A longer draft than they may have stays on this device. */
  keepDraft(): void {
    const { draft } = this;
    if (draft === this.#kept || new TextEncoder().encode(draft).length > STATE_LIMITS.maxDraftBytes) return;
    this.#client.setState(this, { draft }).catch(() => undefined);
  }

  get #kept(): string {
    return this.#client.conversation(this).state.draft;
  }

  resend(message: ChatMessage): void {
    this.dismiss(message);
    const { content, mentions, replyTo, forwardOf, forwarded } = message;
    this.#client.send({ ...this.#address, content, ...defined({ mentions, replyTo, forwardOf, forwarded }) });
  }

  dismiss({ clientMessageId }: ChatMessage): void {
    this.#dismissed.add(clientMessageId);
    this.#merge();
  }

  /** Returns null, or the error. */
  async recall({ messageId }: ChatMessage): Promise<ImError | null> {
    try {
      await this.#client.recall(this, messageId);
      return null;
    } catch (error) {
      return ImError.from(error);
    }
  }

  /** Retracted, or deleted by the user, maybe on another device. */
  #gone({ messageId }: { messageId: MessageId }): void {
    this.selection.leaveOut([messageId]);
    this.#merge();
  }

  #noted(notices: readonly Notice[]): void {
    this.#keepNotices(withNotices(this.notices.get(), notices, MAX_NOTICES));
  }

  #keepNotices(notices: readonly Notice[]): void {
    const { clearedUpTo } = this.#client.conversation(this).state;
    this.notices.set(clearedUpTo === '' ? notices : noticesAfter(notices, timeOf(clearedUpTo)));
  }

  /** Before the first login, only the user of a direct conversation is an address. */
  get #address() {
    return this.isGroup ? { conversationId: this.conversationId } : { to: this.peer };
  }

  #merge(): void {
    const { messages, nextBefore, detached } = this.history.get();
    const live = detached ? [] : this.#client.conversation(this).messages;
    const { clearedUpTo } = this.#client.conversation(this).state;
    this.#keepNotices(this.notices.get());
    const merged = mergeTimeline(messages, live, nextBefore !== undefined);
    const all = clearedUpTo === '' ? merged : merged.filter(({ sortKey }) => sortKey > clearedUpTo);
    const isGone = ({ clientMessageId, messageId }: ChatMessage) =>
      this.#dismissed.has(clientMessageId) || this.#hidden.has(messageId);
    this.#byId = undefined;
    this.set(all.some(isGone) ? all.filter((message) => !isGone(message)) : all);
  }
}
