import type { ConversationState, MessageId, SparseState, StateChange, UserId } from '@chasqui/domain';
import type { ConversationView } from './conversation-view.ts';
import type { ClientEvents, ClientState } from './events.ts';
import type { Outgoing } from './outgoing.ts';
import type { MessageToSend } from './sender.ts';

/** The client of one device. A conversation is named by its id; a direct one also by the other user's id. */
export interface Client extends Disposable {
  readonly state: ClientState;
  /** Empty before the first login. */
  readonly userId: UserId | '';
  /**
   * Starts a session and keeps it alive until `close()` or until the server ends it for good. Resolves at login;
   * rejects when the client closes first, for example with `token_invalid`. May be called again after `state: closed`.
   */
  connect(): Promise<{ userId: UserId }>;
  /**
   * Ends the session for good and rejects open promises with `connection_closed`. Unsent messages stay in the store.
   */
  close(): void;
  /** Call it when the device woke up or its network is back: connects at once instead of after the back-off. */
  wake(): void;
  /** May be called at any time, online or not. Never throws: a refusal rejects the promises. */
  send(message: MessageToSend): Outgoing;
  /** Messages that still wait for a receipt, in the order of sending. */
  outgoing(): Outgoing[];
  conversation(conversation: string): ConversationView;
  /** The conversations in memory, the most recently touched last. */
  conversations(): ConversationView[];
  /**
   * Marks everything up to a message as read; default: the last message from another user. The server learns it now, or
   * at the next login.
   */
  markRead(conversation: string, upTo?: MessageId): void;
  /**
   * Changes what the user has set in a conversation: `conversation(…).state` has it at once, and again as before if the
   * server does not take it. Resolves with the server's state; rejects with its error (`content_too_large` …) or, retryable,
   * `connection_closed`, `deadline_exceeded`. Changes that are made while one is on its way are sent as one.
   */
  setState(conversation: string, changes: StateChange): Promise<ConversationState>;
  /**
   * Tells the client what `GET /api/conversations` or `…/states` says of a conversation, as the inbox only has changes.
   * Ignored where the inbox has told more.
   */
  giveState(conversation: string, state: SparseState): void;
  /**
   * Takes an own message back. Errors: `recall_refused`, `message_not_found` …; retryable: `connection_closed`,
   * `deadline_exceeded`.
   */
  recall(conversation: string, messageId: MessageId): Promise<void>;
  /** Tells the other user of a direct conversation whether this user is typing, if both are online. */
  typing(conversation: string, active?: boolean): void;
  /**
   * Subscribes to event `presence` for these users, now and at every change. Replaces the former subscription; at most
   * 200.
   */
  subscribePresence(users: readonly UserId[]): void;
  /** Returns the function that ends the subscription. */
  on<K extends keyof ClientEvents>(event: K, handler: (event: ClientEvents[K]) => void): () => void;
}
