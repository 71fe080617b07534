import { BoundedMap, defined, groupOf, type MessageId } from '@chasqui/domain';
import { type ChatMessage, stateRank } from '../conversations/chat-message.ts';
import type { KeptState } from '../conversations/conversation-view.ts';
import { type ConversationKey, keyOf } from '../conversations/direct.ts';
import type { KeptConversation } from '../conversations/kept-conversation.ts';
import type { KeptMessage, MessageKeeper, Texts } from '../storing/durable-store.ts';
import { parsedText } from '../storing/parsed-text.ts';
import type { ClientStore } from '../storing/store.ts';
import type { DatabaseBounds } from './bounds.ts';
import type { DatabaseChanges } from './engine.ts';

/** What is kept of a conversation beside its messages. */
interface Marks {
  /** The newest message; empty: none is kept. */
  last: MessageId | '';
  readUpTo: MessageId | '';
  peerReadUpTo: MessageId | '';
  state?: KeptState | undefined;
}

const NOTHING: Marks = { last: '', readUpTo: '', peerReadUpTo: '' };
const PREFIX = 'conversation/';
/** A conversation is trimmed when it is written for the first time, and then each time after so many messages. */
const TRIM_EVERY = 100;

/** Notes what changes in the conversations of a database, until it is written. */
export class KeptConversations implements Omit<MessageKeeper, 'page' | 'recent'> {
  readonly #maxMessages: number;
  readonly #marks: BoundedMap<ConversationKey, Marks>;
  /** Messages since the last trim. */
  readonly #untrimmed = new Map<ConversationKey, number>();
  #forgotten = new Set<ConversationKey>();
  #messages = new Map<string, KeptMessage>();
  #changes: DatabaseChanges['changes'][number][] = [];
  #trimmed = new Map<ConversationKey, number>();
  #texts = new Map<string, string | null>();

  constructor(store: Pick<ClientStore, 'get' | 'keys'>, { maxMessages, maxConversations }: Required<DatabaseBounds>) {
    this.#maxMessages = maxMessages;
    this.#marks = new BoundedMap(maxConversations, { evicted: (key) => this.#remove(key) });
    const keys = store.keys().filter((key) => key.startsWith(PREFIX));
    const known = keys.map((key): [string, Marks] => [
      key.slice(PREFIX.length),
      { ...NOTHING, ...parsedText<Marks>(store.get(key)) },
    ]);
    for (const [key, marks] of known.sort(([, a], [, b]) => (a.last < b.last ? -1 : 1))) this.#marks.set(key, marks);
  }

  restore(key: ConversationKey, view: KeptConversation): void {
    const { last: highest, readUpTo, peerReadUpTo, state } = this.#of(key);
    Object.assign(view, { highest, readUpTo, peerReadUpTo });
    if (state !== undefined) Object.assign(view, { kept: state, state: state.state });
  }

  put(key: ConversationKey, message: ChatMessage): void {
    const { messageId } = message;
    if (!isStored(message)) return;
    this.#messages.set(`${key}/${messageId}`, { conversation: key, message });
    const marks = this.#marks.use(key) ?? NOTHING;
    if (messageId > marks.last) this.#set(key, { ...marks, last: messageId });
    const count = (this.#untrimmed.get(key) ?? TRIM_EVERY) + 1;
    this.#untrimmed.set(key, count > TRIM_EVERY ? 1 : count);
    if (count > TRIM_EVERY) this.#trimmed.set(key, this.#maxMessages);
  }

  /** A message that the log did not bring since it was reset must not be kept again because of a receipt. */
  changed(key: ConversationKey, old: ChatMessage, message: ChatMessage): void {
    if (isStored(old) && old.messageId === message.messageId) this.change(key, message.messageId, message);
    else this.put(key, message);
  }

  change(
    conversation: ConversationKey,
    messageId: MessageId,
    { state, content, forwarded, editedAt, revision, reactions, recalledAt, recalledBy }: Partial<ChatMessage>,
  ): void {
    const change = defined({ state, content, forwarded, editedAt, revision, reactions, recalledAt, recalledBy });
    this.#changes.push({ conversation, messageId, change });
  }

  remove(conversation: ConversationKey, messageId: MessageId): void {
    this.#messages.delete(`${conversation}/${messageId}`);
    this.#changes.push({ conversation, messageId, change: null });
  }

  note(view: KeptConversation): void {
    if (view.conversationId === '') return;
    const { readUpTo, peerReadUpTo, kept } = view;
    const key = keyOf(view);
    this.#set(key, { ...this.#of(key), readUpTo, peerReadUpTo, state: kept });
  }

  forget(key: ConversationKey): void {
    this.#drop(key);
    this.#set(key, { ...this.#of(key), last: '' });
  }

  forgetInbox(views: readonly KeptConversation[]): void {
    for (const view of views) view.kept &&= { ...view.kept, position: 0 };
    for (const [key, { state, ...marks }] of [...this.#marks]) {
      if (state !== undefined) this.#set(key, { ...marks, state: { ...state, position: 0 } });
      if (groupOf(key) === null) this.forget(key);
    }
  }

  clear(): void {
    this.#marks.clear();
    this.#untrimmed.clear();
    this.take(new Map());
  }

  /** What has changed since the last call, and these texts. */
  take(texts: Texts): DatabaseChanges {
    const taken = {
      forgotten: [...this.#forgotten],
      messages: [...this.#messages.values()],
      changes: this.#changes,
      trimmed: this.#trimmed,
      texts: new Map([...this.#texts, ...texts]),
    };
    this.#forgotten = new Set();
    this.#messages = new Map();
    this.#changes = [];
    this.#trimmed = new Map();
    this.#texts = new Map();
    return taken;
  }

  #of(key: ConversationKey): Marks {
    return this.#marks.get(key) ?? NOTHING;
  }

  /** Only a message makes a conversation the last used one. */
  #set(key: ConversationKey, marks: Marks): void {
    const old = this.#marks.get(key);
    if (old === undefined) this.#marks.set(key, marks);
    else Object.assign(old, marks);
    if (this.#marks.get(key) !== undefined) this.#texts.set(PREFIX + key, JSON.stringify(marks));
  }

  #remove(key: ConversationKey): void {
    this.#untrimmed.delete(key);
    this.#drop(key);
    this.#texts.set(PREFIX + key, null);
  }

  #drop(key: ConversationKey): void {
    this.#forgotten.add(key);
    for (const [name, { conversation }] of this.#messages) if (conversation === key) this.#messages.delete(name);
    this.#changes = this.#changes.filter(({ conversation }) => conversation !== key);
  }
}

function isStored({ messageId, provisional, state }: ChatMessage): boolean {
  return messageId !== '' && !provisional && state !== 'failed' && stateRank(state) >= stateRank('stored');
}
