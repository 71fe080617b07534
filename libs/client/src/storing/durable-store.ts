import type { ImError, MessageId, UserId } from '@chasqui/domain';
import type { ChatMessage } from '../conversations/chat-message.ts';
import type { ConversationKey } from '../conversations/direct.ts';
import type { KeptConversation } from '../conversations/kept-conversation.ts';
import type { LocalPage } from '../conversations/local-page.ts';
import { fallbackStore, unavailable } from './fallback-store.ts';
import type { ClientDatabase, ClientStore } from './store.ts';

export type Texts = ReadonlyMap<string, string | null>;

/** A store as the client uses it: it never throws or rejects. */
export interface DurableStore extends Pick<ClientStore, 'get' | 'keys'> {
  /** Whose data this is; empty: nobody said. */
  readonly userId: UserId | '';
  /**
   * Writes texts (null: removes them) in this order and, in a database, what its keeper has noted: all or nothing. Returns a
   * promise if that takes time; it resolves also when the store has failed.
   */
  write(texts: Texts): PromiseLike<void> | undefined;
  /** Writes this text at once, beside writes that are under way, and nothing of what was noted. */
  put(key: string, value: string): void;
  /** Another user has logged in. Removes everything; a database gets nothing more then, as it is not that user's. */
  clear(): void;
  /** Only in a database. */
  readonly keeper?: MessageKeeper;
}

/** What becomes of a message. */
export type MessageChange = Partial<
  Pick<
    ChatMessage,
    'content' | 'forwarded' | 'editedAt' | 'revision' | 'reactions' | 'recalledAt' | 'recalledBy' | 'state'
  >
>;

export interface KeptMessage {
  conversation: ConversationKey;
  message: ChatMessage;
}

/** Keeps the messages of conversations: notes what changes, until the store writes it together with its texts. */
export interface MessageKeeper {
  /** Gives a conversation that comes into memory its marks and its state. */
  restore(conversation: ConversationKey, view: KeptConversation): void;
  /** The log has a message, or an own one is new. Only stored ones are kept: the outbox has the others, or the log brings them. */
  put(conversation: ConversationKey, message: ChatMessage): void;
  /** A message in memory has changed. */
  changed(conversation: ConversationKey, old: ChatMessage, message: ChatMessage): void;
  /** What has become of a message, if it is kept. */
  change(conversation: ConversationKey, messageId: MessageId, change: MessageChange): void;
  /** The id is not the message's, or not any more: a peer's mark may cover an own message before its id is final. */
  remove(conversation: ConversationKey, messageId: MessageId): void;
  /** The marks or the state of a conversation have changed. */
  note(view: KeptConversation): void;
  /** What follows does not join on to what is kept of a conversation. */
  forget(conversation: ConversationKey): void;
  /** The inbox goes on elsewhere: what it brought before does not join on, and states may have changed unseen. `views`: in memory. */
  forgetInbox(views: readonly KeptConversation[]): void;
  /** As of the opening: the newest message of each conversation and, of those used last, some more. The last used first. */
  recent(): KeptMessage[];
  /** In order, as of all earlier writes. */
  page(conversation: ConversationKey, page?: LocalPage): Promise<ChatMessage[]>;
}

/** Every `ClientDatabase`, as the client sees it. */
export interface OpenableDatabase extends ClientDatabase {
  /** `failed`: called when the database has failed for good, and memory takes its place. */
  open(failed: (cause: unknown) => void): DurableStore;
}

/** `changed`: as for `fallbackStore`. */
export function durableStore(
  store: ClientStore | ClientDatabase,
  changed: (error: ImError | undefined) => void,
): DurableStore {
  if (!('get' in store)) return (store as OpenableDatabase).open((cause) => changed(unavailable(cause)));
  const texts = fallbackStore(store, changed);
  return {
    ...texts,
    userId: '',
    write(changes) {
      for (const [key, value] of changes) value === null ? texts.remove(key) : texts.set(key, value);
      return undefined;
    },
    put: texts.set,
    clear() {
      for (const key of texts.keys()) texts.remove(key);
    },
  };
}
