import {
  type ConversationId,
  type ConversationState,
  DEFAULT_STATE,
  type MessageId,
  type Position,
  type UserId,
} from '@chasqui/domain';
import type { ChatMessage } from './chat-message.ts';
import type { Named } from './direct.ts';

/** Approximate size of a message without its content. */
const MESSAGE_CHARACTERS = 200;

function charactersOf({ content: { text = '', data } }: ChatMessage): number {
  return MESSAGE_CHARACTERS + text.length + (data === undefined ? 0 : JSON.stringify(data).length);
}

/** One conversation as this device knows it: always the newest. */
export interface ConversationView {
  /** Empty before the first login. */
  readonly conversationId: ConversationId | '';
  /** The other user of a direct conversation; empty in any other. */
  readonly peer: UserId;
  /**
   * The newest messages, in order; at most `maxMessages`. Each change makes a new array, and it stays the same one between
   * changes, so that a UI can compare.
   */
  readonly messages: readonly ChatMessage[];
  /** The user's mark; empty: not known. */
  readonly readUpTo: MessageId | '';
  /** The peer's mark on the user's messages; empty: not known. */
  readonly peerReadUpTo: MessageId | '';
}

/** What the views of a client with states have in addition. */
export interface WithState {
  /**
   * What the user has set in this conversation, changes on their way included; a new object with each change. As far as
   * the inbox or `giveState` told it.
   */
  readonly state: ConversationState;
}

/** The view as a client with states shows it. */
export function withState(view: KeptConversation): KeptConversation & WithState {
  view.state ??= DEFAULT_STATE;
  return view as KeptConversation & WithState;
}

/** What the server said of a state, by the update at a position of the inbox; 0: not by the inbox. */
export interface KeptState {
  state: ConversationState;
  position: Position;
  /** Of the log that has the position. */
  epoch?: string | undefined;
}

/** The newest messages of one conversation in order. Beyond `maxMessages` the oldest are evicted. */
export class KeptConversation implements ConversationView, Named {
  readonly peer: UserId;
  readonly #maxMessages: number;
  #items: ChatMessage[] = [];
  #characters = 0;
  #snapshot: readonly ChatMessage[] | undefined;
  conversationId: ConversationId | '';
  /** The highest known message id of this conversation: a reply sorts after it. */
  highest: MessageId | '' = '';
  readUpTo: MessageId | '' = '';
  peerReadUpTo: MessageId | '' = '';
  /** Undefined: the default, or the client has no states. */
  state: ConversationState | undefined;
  /** What `state` is made of; undefined: nobody has told one. */
  kept: KeptState | undefined;

  constructor({ conversationId, peer }: Named, maxMessages: number) {
    this.conversationId = conversationId;
    this.peer = peer;
    this.#maxMessages = maxMessages;
  }

  get messages(): readonly ChatMessage[] {
    this.#snapshot ??= this.#items.slice();
    return this.#snapshot;
  }

  /** Characters of all kept messages. */
  get characters(): number {
    return this.#characters;
  }

  find(sortKey: string): ChatMessage | undefined {
    const index = this.#lowerBound(sortKey);
    return this.#items[index]?.sortKey === sortKey ? this.#items[index] : undefined;
  }

  /**
   * Inserts the message in order, or replaces the one with its key. Returns the index; -1: older than every kept
   * message.
   */
  put(message: ChatMessage): number {
    this.#snapshot = undefined;
    if (message.messageId > this.highest) this.highest = message.messageId;
    const index = this.#lowerBound(message.sortKey);
    const old = this.#items[index];
    this.#characters += charactersOf(message);
    if (old?.sortKey === message.sortKey) {
      this.#characters -= charactersOf(old);
      this.#items[index] = message;
      return index;
    }
    this.#items.splice(index, 0, message);
    if (this.#items.length <= this.#maxMessages) return index;
    const oldest = this.#items.shift();
    if (oldest !== undefined) this.#characters -= charactersOf(oldest);
    return index - 1;
  }

  /** Returns the index that it had; -1: not found. */
  remove(sortKey: string): number {
    const index = this.#lowerBound(sortKey);
    const old = this.#items[index];
    if (old?.sortKey !== sortKey) return -1;
    this.#characters -= charactersOf(old);
    this.#snapshot = undefined;
    this.#items.splice(index, 1);
    return index;
  }

  #lowerBound(sortKey: string): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const item = this.#items[middle];
      if (item !== undefined && item.sortKey < sortKey) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
