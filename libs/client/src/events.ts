import type { ConversationId, ImError, MessageId, MomentId, Position, ReceiptState, UserId } from '@chasqui/domain';
import type { ChatMessage } from './chat-message.ts';

/** `offline`: it will connect again by itself. `closed`: it will not, until `connect()` is called. */
export type ClientState = 'offline' | 'connecting' | 'online' | 'closed';

export interface StateEvent {
  state: ClientState;
  /** Why, where there is a why: an error code and, if the server closed, its close code. */
  reason?: { code: string; message: string; closeCode?: number };
  /** When the next attempt comes, in ms from now (`offline`). */
  retryInMs?: number;
}

export interface MessageShown {
  message: ChatMessage;
  /** Its place in `conversation(message.conversationId).messages`; -1: older than all that is kept there. */
  index: number;
  /** As `message.provisional`. */
  provisional: boolean;
}

export interface MessageUpdated {
  message: ChatMessage;
  index: number;
  /** Where it was before; -1: nowhere. */
  previousIndex: number;
}

/** `peer`: whom the user talks to in a direct conversation; empty in any other. */
export interface ClientEvents {
  state: StateEvent;
  /** A message came from the server (from somebody else, or from another device of the user's own): once per message (C6). */
  message: MessageShown;
  /** A message's state, id, place or content changed, or an own message was added by `send`. */
  update: MessageUpdated;
  /** A provisional message turned out not to be one: take it off the screen. `message`: if it was still in memory. */
  retract: { conversationId: ConversationId | ''; peer: UserId; messageId: MessageId; message?: ChatMessage };
  /** What became of own messages: `unread` and `delivered` name them, `read` covers all up to `upTo`. */
  receipt: {
    conversationId: ConversationId;
    peer: UserId;
    state: ReceiptState;
    messageIds: MessageId[];
    upTo?: MessageId;
    at: number;
  };
  /** The user read a conversation up to here, on this or another device. */
  read: { peer: UserId; conversationId: ConversationId; upTo: MessageId; at: number };
  recall: { peer: UserId; conversationId: ConversationId; messageId: MessageId; by: UserId; at: number };
  /** Somebody likes the user's moment, or commented on it (`commentId`): once per update of the inbox. */
  moment: { momentId: MomentId; event: 'like' | 'comment'; by: UserId; commentId?: MomentId; at: number };
  /** Everything up to `position` is here. */
  synced: { position: Position };
  presence: { userId: UserId; online: boolean; at: number };
  /** Somebody (`peer`) begins or ends typing. */
  typing: { conversationId: ConversationId; peer: UserId; active: boolean };
  /** The server ends the session for good; `state: closed` follows. */
  kicked: { reason: 'session_replaced' | 'logged_out' | 'token_expired' };
  /** An error that belongs to no promise: of the session, of the store, of an event handler. */
  error: ImError;
}
