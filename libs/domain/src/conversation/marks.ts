import type { StoredMessage } from '../message.ts';
import type { MessageId } from '../message-id.ts';
import { laterStatus, type MessageStatus } from '../status.ts';
import type { UserId } from './conversation-id.ts';
import { addresseesOf } from './membership.ts';

/** How far a member has read a conversation. It only moves forward (C7, C8). */
export interface ReadMark {
  userId: UserId;
  /** Every message up to and including this one is read; empty: none. */
  upTo: MessageId | '';
  /** Unix ms at which the mark moved to `upTo`; 0: unknown. */
  at: number;
  /** The node to which the reader's device was connected; empty: unknown. */
  node: string;
}

/** The stored status of a message for one of its addressees, without marks. */
export function storedStatus({ statuses }: Pick<StoredMessage, 'statuses'>, member: UserId): MessageStatus {
  return statuses[member] ?? 'stored';
}

/**
 * Whether the member has read the message, according to the mark: true for each addressee whose mark has passed it. That includes
 * an addressee who never receives it, because a *read* receipt covers all older messages (docs/adr/0020-silent-blocks.md).
 */
export function isRead(
  message: Pick<StoredMessage, 'messageId' | 'conversationId' | 'from' | 'audience'>,
  { upTo, userId }: ReadMark,
): boolean {
  return message.messageId <= upTo && addresseesOf(message).includes(userId);
}

/**
 * Updates the message's statuses from the addressees' marks, and returns the message: *read* follows from the marks and
 * is not written for each message. A *read* that releases up to 0.1 stored is kept.
 */
export function withMarks(message: StoredMessage, marks: readonly ReadMark[]): StoredMessage {
  for (const mark of marks) {
    if (isRead(message, mark)) message.statuses = { ...message.statuses, [mark.userId]: 'read' };
  }
  return message;
}

/** The least status among the addressees; `stored` if there are none. */
export function overallStatus(message: StoredMessage): MessageStatus {
  const [first, ...others] = addresseesOf(message).map((member) => storedStatus(message, member));
  return others.reduce((least, status) => (laterStatus(least, status) === least ? status : least), first ?? 'stored');
}
