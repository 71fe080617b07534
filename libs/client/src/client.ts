import type { ImError, MessageId, UserId } from '@chasqui/domain';
import type { ChatMessage } from './conversations/chat-message.ts';
import type { ConversationName } from './conversations/conversation-name.ts';
import type { ConversationView } from './conversations/conversation-view.ts';
import type { LocalPage } from './conversations/local-page.ts';
import type { ClientEvents, ClientState } from './events.ts';
import type { ActionCalls, GroupCalls, GroupStateCalls, RecallCalls, StateCalls } from './part-calls.ts';
import type { PartName } from './parts.ts';
import type { MessageToSend } from './sending/message-to-send.ts';
import type { Outgoing } from './sending/outgoing.ts';

/** The client of one device. */
export interface Client extends Disposable {
  readonly state: ClientState;
  /** Empty before the first login, unless the store is a database, or has logged in before. */
  readonly userId: UserId | '';
  /**
   * Present while the store is denied, full or broken: what it does not take is in memory, and is lost with the process. Also
   * event `storage`.
   */
  readonly storageError: ImError | undefined;
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
  conversation(conversation: ConversationName): ConversationView;
  /** The conversations in memory, the most recently touched last. */
  conversations(): ConversationView[];
  /**
   * Messages of a conversation that this device's database has, in order: the newest ones below `before`, as many as
   * `limit` (50). Of each conversation it has the newest without a gap; HTTP has what is older. Empty without a database.
   */
  localMessages(conversation: ConversationName, page?: LocalPage): Promise<ChatMessage[]>;
  /**
   * Marks everything up to a message as read; default: the last message from another user. The server learns it now, or
   * at the next login.
   */
  markRead(conversation: ConversationName, upTo?: MessageId): void;
  /** Tells the others in a conversation, if they are online, whether this user is typing. Not in large groups. */
  typing(conversation: ConversationName, active?: boolean): void;
  /**
   * Subscribes to event `presence` for these users, now and at every change. Replaces the former subscription; at most
   * 200.
   */
  subscribePresence(users: readonly UserId[]): void;
  /** Returns the function that ends the subscription. */
  on<K extends keyof ClientEvents>(event: K, handler: (event: ClientEvents[K]) => void): () => void;
}

/** A client with these parts, such as `ClientOf<'groups' | 'states'>`. */
export type ClientOf<Parts extends PartName> =
  // First, as the first of several types of a call is the one that counts.
  ('groups' | 'states' extends Parts ? GroupStateCalls : unknown) &
    ('states' extends Parts ? StateCalls : unknown) &
    Client &
    ('groups' extends Parts ? GroupCalls : unknown) &
    ('recalls' extends Parts ? RecallCalls : unknown) &
    ('actions' extends Parts ? ActionCalls : unknown);

/** A client with all parts. */
export type FullClient = ClientOf<PartName>;
