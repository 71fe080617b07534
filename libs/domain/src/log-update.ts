import type { Position } from './conversation/audience.ts';
import type { ConversationId, UserId } from './conversation/conversation-id.ts';
import type { SparseState } from './conversation/conversation-state.ts';
import type { MembershipUpdate, NoticeUpdate } from './group/group-updates.ts';
import type { MessageAction } from './message-action.ts';
import type { MessageId } from './message-id.ts';
import type { MomentId } from './moment.ts';
import type { ReactionUpdate } from './reaction.ts';
import type { ReceiptState } from './status.ts';

/** A message to or from the log's readers. Its text is in the message store. */
export interface MessageUpdate {
  type: 'message';
  conversationId: ConversationId;
  messageId: MessageId;
  from: UserId;
  clientMessageId: string;
}

/**
 * The status of messages that the owner of the inbox sent. `unread` and `delivered` name ids; `read` names the last
 * message read.
 */
export interface ReceiptUpdate {
  type: 'receipt';
  conversationId: ConversationId;
  state: ReceiptState;
  messageIds?: MessageId[];
  upTo?: MessageId;
  /** The user who received or read them. */
  by: UserId;
  /** Unix ms. */
  at: number;
}

/** The owner read a conversation up to a message, on one of the owner's devices. */
export interface ReadUpdate {
  type: 'read';
  conversationId: ConversationId;
  upTo: MessageId;
  at: number;
}

/**
 * A message was changed by a member after it was stored. What an edit wrote is in the message store alone, so that a
 * recall removes it everywhere.
 */
export interface ActionUpdate extends Pick<MessageAction, 'action' | 'revision' | 'by' | 'at'> {
  type: 'action';
  conversationId: ConversationId;
  messageId: MessageId;
}

/**
 * Another user liked the owner's moment or commented on it. The comment's text is not copied here, so that deleting the
 * comment deletes it everywhere.
 */
export interface MomentUpdate {
  type: 'moment';
  momentId: MomentId;
  event: 'like' | 'comment';
  by: UserId;
  /** Only for comments. */
  commentId?: MomentId;
  /** Unix ms. */
  at: number;
}

/** The owner changed the state of a conversation on one of the owner's devices: this is the whole new state. */
export interface ConversationStateUpdate {
  type: 'conversation_state';
  conversationId: ConversationId;
  state: SparseState;
}

/** The owner deleted messages for themselves, on one of their devices: nobody else notices. */
export interface HiddenUpdate {
  type: 'hidden';
  conversationId: ConversationId;
  /** At most `STATE_LIMITS.maxHiddenAtOnce`. */
  messageIds: MessageId[];
  /** Unix ms. */
  at: number;
}

export type LogUpdate =
  | MessageUpdate
  | ReceiptUpdate
  | ReadUpdate
  | ActionUpdate
  | ReactionUpdate
  | MomentUpdate
  | NoticeUpdate
  | MembershipUpdate
  | ConversationStateUpdate
  | HiddenUpdate;

/** One numbered entry of a log. */
export type LogEntry = LogUpdate & { position: Position };

/** The update of an action, as logs have it. */
export function actionUpdate(
  { action, revision, by, at }: MessageAction,
  { conversationId, messageId }: Pick<ActionUpdate, 'conversationId' | 'messageId'>,
): ActionUpdate {
  return { type: 'action', action, revision, conversationId, messageId, by, at };
}
