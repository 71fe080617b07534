import type { ConversationId, ConversationState, MessageId, Position, UserId } from '@chasqui/domain';
import type { ChatMessage } from './chat-message.ts';

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

/** What the server said of a state, by the update at a position of the inbox; 0: not by the inbox. */
export interface KeptState {
  state: ConversationState;
  position: Position;
  /** Of the log that has the position. */
  epoch?: string | undefined;
}
