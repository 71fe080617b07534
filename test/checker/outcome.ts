import type { ConversationId, MessageId, MessageStatus, Position, UserId } from '@chasqui/domain';
import type { DeviceName, Identity, ViewItem } from './records.ts';

/** A message as the history of its conversation has it. */
export interface KeptMessage {
  messageId: MessageId;
  conversationId: ConversationId;
  identity: Identity;
  from: UserId;
  to: UserId;
  /** Empty when recalled. */
  text: string;
  recalled: boolean;
  status: MessageStatus;
}

/** One entry of an inbox, as a sync from position 0 returns it. */
export type KeptUpdate = { position: Position; conversationId: ConversationId } & (
  | { type: 'message'; identity: Identity; messageId: MessageId; from: UserId }
  | { type: 'receipt' | 'recall' | 'edit' | 'react' | 'hidden' }
  | { type: 'read'; upTo: MessageId }
);

/** Exact unread counts as the system serves them. Conversations with nothing unread may be left out. */
export interface ServedUnread {
  total: number;
  byConversation: { [conversationId: ConversationId]: number };
}

/** A device in its final state. */
export interface DeviceEnd {
  device: DeviceName;
  user: UserId;
  /** Its position in its user's inbox. */
  position: Position;
  views: { conversationId: ConversationId; items: ViewItem[] }[];
}

/** The final state, once faults have ended, everybody has come online and all has settled. */
export interface Outcome {
  /** Each conversation's history, oldest first. */
  messages: KeptMessage[];
  /** Each user's inbox, from position 0. */
  inboxes: { user: UserId; updates: KeptUpdate[] }[];
  /** The results of each user's search for each message's own words. */
  found: { user: UserId; messageIds: MessageId[] }[];
  unread: ({ user: UserId } & ServedUnread)[];
  /** The report of the recount from the inboxes, human-readable. */
  drift: string[];
  devices: DeviceEnd[];
  /** `user messageId` of what users have hidden from themselves; absent: nothing. */
  hidden?: ReadonlySet<string>;
}

/** A period without faults in which some users were unreachable, longer than any lease and timeout (C9). */
export interface Absence {
  /** When it ended, on the history's clock. */
  until: number;
  users: UserId[];
  /** The messages stored before it began, in their state at its end. */
  messages: KeptMessage[];
}
