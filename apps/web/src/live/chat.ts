import type { ChatMessage, Client } from '@chasqui/client';
import { type ConversationId, defined, ImError, isGroupId, type Mentions, type UserId } from '@chasqui/domain';
import type { Api } from '../api.ts';
import { peerIn } from '../model/direct.ts';
import { mergeTimeline } from '../model/timeline.ts';
import { Store } from '../store.ts';
import { ChatHistory } from './chat-history.ts';

/** One open conversation: its history and its live messages merged into one list. */
export class Chat extends Store<readonly ChatMessage[]> {
  readonly conversationId: ConversationId;
  /** The other user of a direct conversation; empty in any other. */
  readonly peer: UserId;
  readonly isGroup: boolean;
  readonly history: ChatHistory;
  /** The unsent text in the composer. */
  draft = '';
  readonly #client: Client;
  /** Failed messages that the user has dismissed or sent again. */
  readonly #dismissed = new Set<string>();

  constructor(api: Api, client: Client, me: UserId, conversationId: ConversationId, signal: AbortSignal) {
    super([]);
    this.conversationId = conversationId;
    this.peer = peerIn(conversationId, me);
    this.isGroup = isGroupId(conversationId);
    this.#client = client;
    this.history = new ChatHistory(api, client, me, conversationId, signal);
    const merge = () => this.#merge();
    const ends = [
      this.history.subscribe(merge),
      client.on('message', ({ message }) => message.conversationId === conversationId && merge()),
      client.on('update', ({ message }) => message.conversationId === conversationId && merge()),
      client.on('retract', (retracted) => retracted.conversationId === conversationId && merge()),
    ];
    signal.addEventListener('abort', () => {
      for (const end of ends) end();
    });
    merge();
  }

  /** Null: the message is on its way. Else the error; the text then stays in the composer. */
  send(text: string, mentions?: Mentions): ImError | null {
    const { error = null } = this.#client.send({ ...this.#address, content: { text }, ...defined({ mentions }) });
    if (this.history.get().detached) void this.history.latest();
    return error;
  }

  resend(message: ChatMessage): void {
    this.dismiss(message);
    const { content, mentions } = message;
    this.#client.send({ ...this.#address, content, ...defined({ mentions }) });
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

  /** Before the first login, only the user of a direct conversation is an address. */
  get #address() {
    return this.isGroup ? { conversationId: this.conversationId } : { to: this.peer };
  }

  #merge(): void {
    const { messages, nextBefore, detached } = this.history.get();
    const live = detached ? [] : this.#client.conversation(this).messages;
    const all = mergeTimeline(messages, live, nextBefore !== undefined);
    this.set(this.#dismissed.size === 0 ? all : all.filter((message) => !this.#dismissed.has(message.clientMessageId)));
  }
}
