import type { ConversationId, UserId } from './conversation.ts';
import type { MessageId } from './message-id.ts';
import type { MomentId } from './moment.ts';
import type { ReceiptState } from './status.ts';

/** A place in one user's inbox: contiguous from 1; 0 is before the first. */
export type Position = number;

/** A message to or from the inbox's owner. Its body is in the message store. */
export interface InboxMessage {
  type: 'message';
  conversationId: ConversationId;
  messageId: MessageId;
  from: UserId;
  clientMessageId: string;
}

/** What has become of messages that the inbox's owner sent. `unread` and `delivered` name ids; `read` says up to which. */
export interface InboxReceipt {
  type: 'receipt';
  conversationId: ConversationId;
  state: ReceiptState;
  messageIds?: MessageId[];
  upTo?: MessageId;
  /** Who received or read. */
  by: UserId;
  /** Unix ms. */
  at: number;
}

/** The owner read a conversation up to a message, on one of the owner's devices. */
export interface InboxRead {
  type: 'read';
  conversationId: ConversationId;
  upTo: MessageId;
  at: number;
}

/** The sender took a message back. */
export interface InboxRecall {
  type: 'recall';
  conversationId: ConversationId;
  messageId: MessageId;
  by: UserId;
  at: number;
}

/**
 * Somebody else likes the owner's moment or commented on it. The comment's text is not here: it can be deleted, and is then
 * nowhere.
 */
export interface InboxMoment {
  type: 'moment';
  momentId: MomentId;
  event: 'like' | 'comment';
  by: UserId;
  /** Of comments. */
  commentId?: MomentId;
  /** Unix ms. */
  at: number;
}

export type InboxUpdate = InboxMessage | InboxReceipt | InboxRead | InboxRecall | InboxMoment;

/** One numbered entry of a user's inbox. */
export type InboxEntry = InboxUpdate & { position: Position };
