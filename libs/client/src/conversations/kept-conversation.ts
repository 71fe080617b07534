import {
  type ConversationId,
  type ConversationState,
  DEFAULT_STATE,
  type MessageId,
  type UserId,
} from '@chasqui/domain';
import type { ChatMessage } from './chat-message.ts';
import type { ConversationView, KeptState, WithState } from './conversation-view.ts';
import type { Named } from './direct.ts';

/** Approximate size of a message without its content. */
const MESSAGE_CHARACTERS = 200;

function charactersOf({ content: { text = '', data } }: ChatMessage): number {
  return MESSAGE_CHARACTERS + text.length + (data === undefined ? 0 : JSON.stringify(data).length);
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

/** The view as a client with states shows it. */
export function withState(view: KeptConversation): KeptConversation & WithState {
  view.state ??= DEFAULT_STATE;
  return view as KeptConversation & WithState;
}
