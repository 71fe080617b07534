import type { ConversationId, ErrorCode, MessageContent, MessageId, MessageStatus, UserId } from '@chasqui/domain';

/**
 * `sending`: only this device has it. `queued`: the server has it durably. `stored` … `read`: design states. `failed`:
 * the server refused it for good. A message from someone else is `stored` at least.
 */
export type MessageState = 'sending' | 'queued' | MessageStatus | 'failed';

/** One message of a conversation as this device knows it. Never changed in place: an update is another object. */
export interface ChatMessage {
  /** Empty while the server has not given one. May change once, before the message is confirmed. */
  readonly messageId: MessageId | '';
  /** Messages of a conversation are shown in the text order of this; changes with `messageId`. */
  readonly sortKey: string;
  /** With `from`, the message's identity, which never changes. */
  readonly clientMessageId: string;
  /** Empty before the first login. */
  readonly conversationId: ConversationId | '';
  /** Whom the user talks to in a direct conversation; empty in any other. */
  readonly peer: UserId;
  /** Empty for an own message before the first login. */
  readonly from: UserId;
  readonly mine: boolean;
  /** Empty when recalled. */
  readonly content: MessageContent;
  /** Unix ms by the server; by this device until it is queued. */
  readonly sentAt: number;
  readonly state: MessageState;
  /** Of a `failed` message: the code of the refusal. Absent in every other state. */
  readonly refusal?: ErrorCode;
  /** True: it came live and the inbox has not confirmed it yet; it may be taken back (event `retract`). */
  readonly provisional: boolean;
  /** Unix ms; absent: not recalled. */
  readonly recalledAt?: number;
}

const ranks: Record<MessageState, number> = {
  sending: 0,
  queued: 1,
  stored: 2,
  unread: 3,
  delivered: 4,
  read: 5,
  failed: 6,
};

/** How far a state has come; states of one message only move up (C7). */
export function stateRank(state: MessageState): number {
  return ranks[state];
}

export function laterState(a: MessageState, b: MessageState): MessageState {
  return ranks[a] >= ranks[b] ? a : b;
}

/** The sort key of the `order`-th own message that has no id yet: after every id. */
export function pendingKey(order: number): string {
  return `~${order.toString().padStart(16, '0')}`;
}

/** The identity of a message as one text; neither part contains a slash. */
export function identityOf(from: UserId, clientMessageId: string): string {
  return `${from}/${clientMessageId}`;
}
