import type { ConversationId, UserId } from './conversation/conversation-id.ts';
import type { EventEnvelope } from './event-envelope.ts';
import type { Role } from './group/group.ts';
import type { Mentions } from './message.ts';
import type { MessageId } from './message-id.ts';
/** A user should be notified of an offline message. A process that puts the task back records its progress in it. */
export interface PushTask extends EventEnvelope {
  messageId: MessageId;
  conversationId: ConversationId;
  from: UserId;
  to: UserId;
  /** Unix ms at which the receiver was found to be offline. */
  at: number;
  /** The only device that is still to be notified. Absent: all devices. */
  deviceId?: string;
  /** Requests made to the provider for that device. */
  attempts?: number;
  /** How often the task was put back because the receiver had just come online and might confirm the message. */
  waits?: number;
  /** As in `MessageEvent`. */
  trace?: string;
}

/**
 * A verification code is to be sent to an e-mail address. Published on `PUSH_TOPIC`, alone in its bus message. It
 * contains no text that a user wrote: the address may be a stranger's.
 */
export interface AddressCheck extends EventEnvelope {
  type: 'address_check';
  /** Identifies the check in push outcomes: 32 hexadecimal digits. */
  checkId: string;
  /** The user and the device whose registration has the address. */
  to: UserId;
  deviceId: string;
  address: string;
  /** As displayed, at most 32 characters. */
  code: string;
  /** BCP 47; empty: not given. */
  language: string;
  /** Unix ms of the request, and of the code's expiry. */
  at: number;
  expiresAt: number;
  /** Requests made to the mail server for this check. */
  attempts?: number;
}

/**
 * The members of a group are to be notified of a message. Published on `PUSH_TOPIC`. Push makes a task for each of them
 * who is to be notified, a page of members at a time; then it puts the event back with its progress.
 */
export interface GroupPlan extends EventEnvelope {
  type: 'group_plan';
  conversationId: ConversationId;
  messageId: MessageId;
  from: UserId;
  /** As in the message. Those who are mentioned by name have tasks of their own. */
  mentions?: Mentions;
  /** Unix ms at which the message was stored. */
  at: number;
  /** The last member of the page before. Absent: it has not begun. */
  after?: { role: Role; userId: UserId };
  /** As in `MessageEvent`. */
  trace?: string;
}
