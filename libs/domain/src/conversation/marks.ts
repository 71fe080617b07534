import type { StoredMessage } from '../message.ts';
import type { MessageId } from '../message-id.ts';
import { laterStatus, type MessageStatus } from '../status.ts';
import type { UserId } from './conversation-id.ts';
import { addresseesOf, maySee } from './membership.ts';

/** How far a member has read a conversation. It only moves forward (C7, C8). */
export interface ReadMark {
  userId: UserId;
  /** Every message up to this one is read; empty: none yet. */
  upTo: MessageId | '';
  /** Unix ms of the move that came here; 0: not known. */
  at: number;
  /** The node that the reader's device was connected to; empty: not known. */
  node: string;
}

/** How far a message has come for one of its addressees, by what is stored of it alone. */
export function storedStatus({ statuses }: Pick<StoredMessage, 'statuses'>, member: UserId): MessageStatus {
  return statuses[member] ?? 'stored';
}

/** Whether the mark says that its member has read the message. Who may not see a message has not read it, wherever their mark is. */
export function isRead(
  message: Pick<StoredMessage, 'messageId' | 'from' | 'audience'>,
  { upTo, userId }: ReadMark,
): boolean {
  return message.messageId <= upTo && userId !== message.from && maySee(message, userId);
}

/**
 * Sets the message's statuses to what its addressees' marks say, and returns it: *read* follows from them and is not written
 * for each message. Releases up to 0.1 stored *read*: it stays so.
 */
export function withMarks(message: StoredMessage, marks: readonly ReadMark[]): StoredMessage {
  for (const mark of marks) {
    if (isRead(message, mark)) message.statuses = { ...message.statuses, [mark.userId]: 'read' };
  }
  return message;
}

/** What one status says of a message: how far it has come for the addressee that has it least; `stored` where there is none. */
export function overallStatus(message: StoredMessage): MessageStatus {
  const [first, ...others] = addresseesOf(message).map((member) => storedStatus(message, member));
  return others.reduce((least, status) => (laterStatus(least, status) === least ? status : least), first ?? 'stored');
}
