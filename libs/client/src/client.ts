import type { MessageId, UserId } from '@chasqui/domain';
import type { ConversationView } from './conversation-view.ts';
import type { ClientEvents, ClientState } from './events.ts';
import type { Outgoing } from './outgoing.ts';
import type { MessageToSend } from './sender.ts';

/** A user's device. A conversation is named by its id, or a direct one by the other user's id. */
export interface Client extends Disposable {
  readonly state: ClientState;
  /** Empty before the first login. */
  readonly userId: UserId | '';
  /**
   * Starts and keeps a session until `close()` or until the server ends it for good. Resolves when logged in; rejects
   * when the client closes first, for example with `token_invalid`. May be called again after `state: closed`.
   */
  connect(): Promise<{ userId: UserId }>;
  /** Ends the session and rejects what is open with `connection_closed`. Unsent messages stay in the store. Final. */
  close(): void;
  /** The device woke up or its network is back: tries at once instead of after a back-off. */
  wake(): void;
  /** Any time, online or not. Never throws: a refusal rejects the promises. */
  send(message: MessageToSend): Outgoing;
  /** Messages whose receipts are not all there, in the order of sending. */
  outgoing(): Outgoing[];
  conversation(conversation: string): ConversationView;
  /** Those in memory, the last touched at the end. */
  conversations(): ConversationView[];
  /** Everything up to a message (by default the last one that somebody else sent) is read. Told to the server now, or once online. */
  markRead(conversation: string, upTo?: MessageId): void;
  /** Takes an own message back. Errors: `recall_refused`, `not_found` …; retryable: `connection_closed`, `deadline_exceeded`. */
  recall(conversation: string, messageId: MessageId): Promise<void>;
  /** Tells the other user of a direct conversation, if both are online. */
  typing(conversation: string, active?: boolean): void;
  /** Event `presence` for these users now and when they come and go, in place of those asked for before; at most 200. */
  subscribePresence(users: readonly UserId[]): void;
  /** Returns the function that ends the subscription. */
  on<K extends keyof ClientEvents>(event: K, handler: (event: ClientEvents[K]) => void): () => void;
}
