import { type Client, ImError } from '@chasqui/client';
import { type ConversationId, defined, type MessageId, type UserId } from '@chasqui/domain';
import type { Api } from '../api.ts';
import { peerIn } from '../model/direct.ts';
import {
  EMPTY_HISTORY,
  type History,
  historyMessage,
  justAfter,
  type Page,
  withEdit,
  withNewer,
  withNewest,
  withOlder,
  withoutMessage,
  withRecall,
  withReceipt,
} from '../model/history.ts';
import { Store } from '../store.ts';
import { pageBehind } from './page-behind.ts';
import type { Quotes } from './quotes.ts';
import type { Reactions } from './reactions.ts';

const PAGE = 100;
/** A jump to an old message loads everything down to it, in pages of this size, … */
const JUMP_PAGE = 100;
/** … up to this many pages; beyond, the history detaches. */
const JUMP_PAGES = 5;

export interface HistorySources {
  api: Api;
  client: Client;
  me: UserId;
  conversationId: ConversationId;
  /** Takes what is quoted in what is loaded. */
  quotes: Pick<Quotes, 'take'>;
  /** Takes the reactions to what is loaded. */
  reactions: Pick<Reactions, 'take'>;
}

/** The stored messages of one conversation, loaded page by page as the user scrolls back and forth. */
export class ChatHistory extends Store<History> {
  readonly #api: Api;
  readonly #client: Client;
  readonly #me: UserId;
  readonly #conversationId: ConversationId;
  readonly #quotes: Pick<Quotes, 'take'>;
  readonly #reactions: Pick<Reactions, 'take'>;
  #reading: Promise<void> | null = null;

  constructor({ api, client, me, conversationId, quotes, reactions }: HistorySources, signal: AbortSignal) {
    super(EMPTY_HISTORY);
    this.#quotes = quotes;
    this.#reactions = reactions;
    this.#api = api;
    this.#client = client;
    this.#me = me;
    this.#conversationId = conversationId;
    const isHere = (event: { conversationId: ConversationId }) => event.conversationId === conversationId;
    const ends = [
      client.on('receipt', (receipt) => isHere(receipt) && this.set(withReceipt(this.get(), receipt))),
      client.on('recall', (recall) => isHere(recall) && this.set(withRecall(this.get(), recall))),
      client.on('edit', (edit) => isHere(edit) && this.set(withEdit(this.get(), edit))),
      client.on('retract', ({ conversationId: at, messageId }) => at === conversationId && this.leaveOut([messageId])),
      // Loads messages stored while this device was offline, and new states of older ones.
      client.on('state', ({ state }) => state === 'online' && !this.get().detached && void this.latest()),
    ];
    signal.addEventListener('abort', () => {
      for (const end of ends) end();
    });
    void this.latest();
  }

  /** Loads the newest page; a detached history attaches again. */
  latest(): Promise<void> {
    return this.#read(async () => withNewest(this.get(), await this.#page(undefined, PAGE)));
  }

  /** Loads the next older page, if there is one. */
  older(): Promise<void> {
    return this.#read(async () => {
      const { nextBefore } = this.get();
      return nextBefore === undefined ? this.get() : withOlder(this.get(), await this.#page(nextBefore, PAGE));
    });
  }

  /** Loads the next newer page of a detached history, which attaches at the newest. */
  newer(): Promise<void> {
    return this.#read(async () => {
      const history = this.get();
      if (!history.detached || history.messages.length === 0) return history;
      const { messages, isNewest } = await pageBehind(history.messages, (before) => this.#page(before, JUMP_PAGE));
      return withNewer(this.get(), messages, isNewest);
    });
  }

  /** These are not shown any more. */
  leaveOut(messageIds: readonly MessageId[]): void {
    this.set(messageIds.reduce(withoutMessage, this.get()));
  }

  /** Loads the history down to a message; a very old message is shown without the messages after it. */
  async goTo(messageId: MessageId): Promise<void> {
    await this.#settled();
    return this.#read(async () => {
      let history = this.get();
      if (history.messages.length === 0) history = withNewest(history, await this.#page(undefined, PAGE));
      for (let pages = 0; pages < JUMP_PAGES; pages++) {
        if (history.messages.some((message) => message.messageId === messageId)) return history;
        if (history.nextBefore === undefined) return history;
        history = withOlder(history, await this.#page(history.nextBefore, JUMP_PAGE));
      }
      return { ...(await this.#page(justAfter(messageId), PAGE)), detached: true, status: 'ready' as const };
    });
  }

  /** Loads the history down to what follows a message, as far as that is loaded in one go. Empty: from its start. */
  async coverFrom(messageId: MessageId | ''): Promise<void> {
    await this.#settled();
    return this.#read(async () => {
      let history = this.get();
      for (let pages = 0; pages < JUMP_PAGES; pages++) {
        const { messages, nextBefore } = history;
        if (nextBefore === undefined || (messages[0]?.messageId ?? '') <= messageId) return history;
        history = withOlder(history, await this.#page(nextBefore, JUMP_PAGE));
      }
      return history;
    });
  }

  /** The server's; what this browser keeps while the server does not answer, or only its proxy does. */
  async #page(before: MessageId | undefined, limit: number): Promise<Page> {
    try {
      const { messages, nextBefore } = await this.#api.history(this.#conversationId, { before, limit });
      this.#quotes.take(messages);
      this.#reactions.take(messages);
      const oldestFirst = messages.map((message) => historyMessage(message, this.#me)).reverse();
      return { messages: oldestFirst, ...defined({ nextBefore }) };
    } catch (error) {
      const name = { conversationId: this.#conversationId, peer: peerIn(this.#conversationId, this.#me) };
      const messages = await this.#client.localMessages(name, { before, limit });
      const [oldest] = messages;
      if (oldest === undefined || ImError.from(error).retry === 'never') throw error;
      return { messages, nextBefore: oldest.sortKey };
    }
  }

  /** A jump is asked for once, so it waits for the loads under way. */
  async #settled(): Promise<void> {
    while (this.#reading !== null) await this.#reading;
  }

  /** One load at a time: requests during a load are dropped, as scrolling repeats them. */
  async #read(next: () => Promise<History>): Promise<void> {
    if (this.#reading !== null) return;
    this.#reading = this.#load(next);
    await this.#reading;
  }

  async #load(next: () => Promise<History>): Promise<void> {
    if (this.get().status === 'failed') this.set({ ...this.get(), status: 'loading' });
    try {
      this.set(await next());
    } catch {
      this.set({ ...this.get(), status: 'failed' });
    } finally {
      this.#reading = null;
    }
  }
}
