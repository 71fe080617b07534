import type { MessageId } from '@chasqui/domain';
import type { ChatMessage } from '../conversations/chat-message.ts';
import type { ConversationKey } from '../conversations/direct.ts';
import type { KeptMessage, MessageChange, Texts } from '../storing/durable-store.ts';

/** What one write changes, in this order. */
export interface DatabaseChanges {
  /** Conversations whose messages are removed. */
  forgotten: readonly ConversationKey[];
  /** Messages to keep, each in place of the one with its id. */
  messages: readonly KeptMessage[];
  /** Applied by `changedMessage` to those that the database has, and to no other; null: the message is removed. */
  changes: readonly { conversation: ConversationKey; messageId: MessageId; change: MessageChange | null }[];
  /** Conversations of which the newest so many messages stay. */
  trimmed: ReadonlyMap<ConversationKey, number>;
  texts: Texts;
}

export const NO_CHANGES: DatabaseChanges = {
  forgotten: [],
  messages: [],
  changes: [],
  trimmed: new Map(),
  texts: new Map(),
};

/** What differs between databases. Everything may throw or reject. What is read is as of all earlier writes. */
export interface DatabaseEngine {
  get(key: string): string | null;
  keys(): string[];
  /**
   * Applies all changes or none of them, after those of earlier writes. When it returns, or when its promise resolves,
   * they survive a restart of the program. `get` and `keys` have them at once.
   */
  write(changes: DatabaseChanges): PromiseLike<void> | undefined;
  /** The newest message of each conversation, and the 20 newest of the 50 that were used last, as of the opening or later. */
  recent(): KeptMessage[];
  /** The newest messages of a conversation whose ids are below `before`, at most `limit`, in order. */
  page(conversation: ConversationKey, limit: number, before?: MessageId): Promise<ChatMessage[]>;
  /** Removes everything, at once for `get`, `keys` and `recent`; later writes begin from nothing. */
  clear(): PromiseLike<void> | undefined;
  /** Nothing may be called afterwards. */
  close(): void;
}
