import type { FullClient } from '@chasqui/client';
import type { ConversationId, ConversationState, MessageId, UserId } from '@chasqui/domain';
import type { Api } from '../api.ts';
import {
  type Conversation,
  type ConversationList,
  unknownConversation,
  unreadOf,
  withMark,
  withMessage,
  withoutMessage,
  withRead,
  withRecalled,
  withRows,
} from '../model/conversation-list.ts';
import { type States, shownRows } from '../model/conversation-order.ts';
import { conversationWith, peerIn } from '../model/direct.ts';
import { groupRow } from '../model/group-row.ts';
import { Store } from '../store.ts';

export interface Conversations {
  /** Pinned ones, then the others, most recently active first; without the hidden. */
  rows: readonly Conversation[];
  byId: ConversationList;
  /** Unread messages in all conversations, also those that are not loaded. */
  unread: number;
  /** Whether more rows can be loaded. */
  more: boolean;
  status: 'loading' | 'ready' | 'failed';
}

/** Rows kept in memory. Beyond: no more are loaded. */
const MAX_ROWS = 1_000;
/** Pages of states that are read, of 100 each. */
const MAX_STATE_PAGES = 20;
/** After live changes the server's counts are read once, this long after the last change. */
const SETTLE_MS = 500;

/** The conversation list: the server's rows and counts, with the live changes since, and the client library's groups. */
export class ConversationsStore extends Store<Conversations> {
  readonly #api: Api;
  readonly #client: FullClient;
  readonly #me: UserId;
  #list: ConversationList = new Map();
  #states: States = new Map();
  #cursor: string | undefined;
  /** Unread counts of conversations that are not loaded, by conversation id. */
  #elsewhere: { [conversationId: string]: number } = {};
  #status: Conversations['status'] = 'loading';
  #settling: ReturnType<typeof setTimeout> | undefined;
  #loading = false;

  constructor(api: Api, client: FullClient, me: UserId, signal: AbortSignal) {
    super({ rows: [], byId: new Map(), unread: 0, more: false, status: 'loading' });
    this.#api = api;
    this.#client = client;
    this.#me = me;
    const ends = [
      client.on('message', ({ message }) => this.#put(withMessage(this.#list, message), !message.mine)),
      client.on('update', ({ message }) => this.#put(withMessage(this.#list, message), !message.mine)),
      client.on('retract', ({ conversationId, messageId }) =>
        this.#put(withoutMessage(this.#list, conversationId, messageId), true),
      ),
      client.on('recall', (recall) => this.#put(withRecalled(this.#list, recall), false)),
      client.on('group', () => this.#publish()),
      client.on('conversation_state', ({ conversationId, state }) => this.#setState(conversationId, state)),
      client.on('read', ({ conversationId, upTo }) => this.#put(withRead(this.#list, conversationId, upTo), true)),
      client.on('state', ({ state }) => state === 'online' && this.#settle()),
    ];
    signal.addEventListener('abort', () => {
      clearTimeout(this.#settling);
      for (const end of ends) end();
    });
    this.#restore();
    void this.refresh();
    void this.#readStates();
  }

  /** Reloads the first rows and the counts. */
  async refresh(): Promise<void> {
    try {
      const [{ conversations, nextCursor }, { byConversation }] = await Promise.all([
        this.#api.conversations(),
        this.#api.unreadCount(),
      ]);
      if (this.#status !== 'ready') this.#cursor = nextCursor;
      this.#status = 'ready';
      this.#elsewhere = byConversation;
      this.#put(withRows(this.#list, conversations), false);
    } catch {
      // The live list stays usable; the next change or reconnect tries again.
      if (this.#status === 'loading') this.#status = 'failed';
      this.#publish();
    }
  }

  /** Loads the next rows. */
  async more(): Promise<void> {
    if (this.#cursor === undefined || this.#loading) return;
    this.#loading = true;
    try {
      const { conversations, nextCursor } = await this.#api.conversations(this.#cursor);
      this.#cursor = nextCursor;
      this.#put(withRows(this.#list, conversations), false);
    } catch {
      // The end of the list stays in place, so scrolling to it tries again.
    } finally {
      this.#loading = false;
    }
  }

  /** Marks everything up to a message read; the server learns it now, or at the next login. */
  markRead(conversationId: ConversationId, upTo: MessageId): void {
    const row = this.get().byId.get(conversationId);
    if (row === undefined || upTo <= row.readUpTo || upTo <= row.markedUpTo) return;
    this.#client.markRead(row, upTo);
    if (row.group === undefined) this.#put(withMark(this.#list, conversationId, upTo), false);
  }

  /** Opens the conversation with a user; without any messages yet, it gets a row now. */
  start(peer: UserId): ConversationId {
    const conversationId = conversationWith(this.#me, peer);
    if (!this.#list.has(conversationId)) {
      const row = { ...unknownConversation(conversationId, peer), updatedAt: Date.now() };
      this.#put(new Map(this.#list).set(conversationId, row), false);
    }
    return conversationId;
  }

  /** What this browser keeps of earlier visits. */
  #restore(): void {
    const states = new Map(this.#states);
    for (const { conversationId, messages, readUpTo, state } of this.#client.conversations()) {
      if (conversationId === '') continue;
      for (const message of messages) this.#list = withMessage(this.#list, message);
      this.#list = withRead(this.#list, conversationId, readUpTo);
      states.set(conversationId, state);
    }
    this.#states = states;
    this.#publish();
  }

  #setState(conversationId: ConversationId, state: ConversationState): void {
    this.#states = new Map(this.#states).set(conversationId, state);
    this.#publish();
  }

  /** Reads what the user has set in earlier visits; later changes come through the inbox. */
  async #readStates(): Promise<void> {
    let cursor: string | undefined;
    try {
      for (let page = 0; page < MAX_STATE_PAGES; page++) {
        const { states, nextCursor } = await this.#api.states(cursor);
        const known = new Map(this.#states);
        for (const { conversationId, state } of states) {
          const named = { conversationId, peer: peerIn(conversationId, this.#me) };
          this.#client.giveState(named, state);
          known.set(conversationId, this.#client.conversation(named).state);
        }
        this.#states = known;
        this.#publish();
        if (nextCursor === undefined) return;
        cursor = nextCursor;
      }
    } catch {
      // The list stays usable without them.
    }
  }

  #put(list: ConversationList, counts: boolean): void {
    this.#list = list;
    this.#publish();
    if (counts) this.#settle();
  }

  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.refresh(), SETTLE_MS);
  }

  #publish(): void {
    const groups = this.#client.groups().flatMap(({ head }) => (head === undefined ? [] : [groupRow(head)]));
    const byId = new Map(this.#list);
    for (const group of groups) byId.set(group.conversationId, group);
    const rows = shownRows(byId, this.#states);
    for (const row of rows) byId.set(row.conversationId, row);
    const elsewhere = { ...this.#elsewhere };
    for (const { conversationId } of rows) delete elsewhere[conversationId];
    const others = Object.values(elsewhere).reduce((sum, count) => sum + count, 0);
    this.set({
      rows,
      byId,
      status: this.#status,
      unread: rows.reduce((sum, row) => sum + unreadOf(row), others),
      more: this.#cursor !== undefined && rows.length < MAX_ROWS,
    });
  }
}
