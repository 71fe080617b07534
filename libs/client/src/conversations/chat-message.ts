import type {
  ConversationId,
  ErrorCode,
  ForwardOrigin,
  ForwardRequest,
  Mentions,
  MessageContent,
  MessageId,
  MessageReference,
  MessageStatus,
  UserId,
} from '@chasqui/domain';
import type { ShownReactions } from './shown-reactions.ts';

/**
 * `sending`: only this device has it. `queued`: the server has it durably. `stored` … `read`: design states. `failed`:
 * the server refused it for good. A message from someone else is `stored` at least.
 */
export type MessageState = 'sending' | 'queued' | MessageStatus | 'failed';

/** One message of a conversation as this device knows it. Immutable: a change makes a new object. */
export interface ChatMessage {
  /** Empty until the server assigns one. May change once, before the message is confirmed. */
  readonly messageId: MessageId | '';
  /** Messages of a conversation are shown in the text order of this key, which changes with `messageId`. */
  readonly sortKey: string;
  /** With `from`, the message's identity, which never changes. */
  readonly clientMessageId: string;
  /** Empty before the first login. */
  readonly conversationId: ConversationId | '';
  /** The other user of a direct conversation; empty in any other. */
  readonly peer: UserId;
  /** The sender; empty for an own message before the first login. */
  readonly from: UserId;
  readonly mine: boolean;
  /** Empty when the message is recalled. */
  readonly content: MessageContent;
  /** Only in groups: who is mentioned. */
  readonly mentions?: Mentions;
  /** The message that it answers. What it says now: `ConversationView.messages`, or `GET …/messages/{messageId}`. */
  readonly replyTo?: MessageReference;
  /** It was forwarded: who wrote it first, and when. */
  readonly forwarded?: ForwardOrigin;
  /** Only of an own forward that this device has sent: what it forwards, so that it can be sent again if it is refused. */
  readonly forwardOf?: ForwardRequest;
  /** Unix ms by the server's clock; by this device's clock until the message is queued. */
  readonly sentAt: number;
  readonly state: MessageState;
  /** The code of the server's refusal; present only in state `failed`. */
  readonly refusal?: ErrorCode;
  /** True: pushed live and not yet confirmed by the log; it may be retracted (event `retract`). */
  readonly provisional: boolean;
  /** Unix ms of the last edit; absent when it was never edited. */
  readonly editedAt?: number;
  /** Only of an edited message: a higher one is newer. */
  readonly revision?: number;
  /** Absent: nobody has reacted to it, or this device does not know yet. With `actions`, own ones are in it at once. */
  readonly reactions?: ShownReactions | undefined;
  /** Unix ms; absent when the message is not recalled. */
  readonly recalledAt?: number;
  /**
   * Who recalled it. Another user than `from`: the admin who removed it, or `system`. Absent also where the server does not
   * know.
   */
  readonly recalledBy?: UserId;
}

const ranks: Record<MessageState, number> = {
  sending: 0,
  queued: 1,
  // An earlier copy of what was refused may turn out to be stored.
  failed: 2,
  stored: 3,
  unread: 4,
  delivered: 5,
  read: 6,
};

/** The rank of a state; the states of one message only move up (C7). */
export function stateRank(state: MessageState): number {
  return ranks[state];
}

export function laterState(a: MessageState, b: MessageState): MessageState {
  return ranks[a] >= ranks[b] ? a : b;
}

/** The sort key of the `order`-th own message without an id: it sorts after every id. */
export function pendingKey(order: number): string {
  return `~${order.toString().padStart(16, '0')}`;
}

/** The identity of a message as one text; neither part contains a slash. */
export function identityOf(from: UserId, clientMessageId: string): string {
  return `${from}/${clientMessageId}`;
}
