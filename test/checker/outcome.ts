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

/** One entry of an inbox, as a sync from its beginning brings it. */
export type KeptUpdate = { position: Position; conversationId: ConversationId } & (
  | { type: 'message'; identity: Identity; messageId: MessageId; from: UserId }
  | { type: 'receipt' | 'recall' }
  | { type: 'read'; upTo: MessageId }
);

/** Exact unread counts as the system serves them. Conversations with nothing unread may be left out. */
export interface ServedUnread {
  total: number;
  byConversation: { [conversationId: ConversationId]: number };
}

/** A device at the end. */
export interface DeviceEnd {
  device: DeviceName;
  user: UserId;
  /** Where it stands in its user's inbox. */
  position: Position;
  views: { conversationId: ConversationId; items: ViewItem[] }[];
}

/** What is there once faults have ended, everybody has come online and all has settled. */
export interface Outcome {
  /** Each conversation's history, oldest first. */
  messages: KeptMessage[];
  /** Each user's inbox, from its beginning. */
  inboxes: { user: UserId; updates: KeptUpdate[] }[];
  /** What each user finds when searching for each message's own words. */
  found: { user: UserId; messageIds: MessageId[] }[];
  unread: ({ user: UserId } & ServedUnread)[];
  /** What recounting from the inboxes reports, for people. */
  drift: string[];
  devices: DeviceEnd[];
}

/** A time without faults in which some users were unreachable, longer than any lease and timeout (C9). */
export interface Absence {
  /** When it ended, on the history's clock. */
  until: number;
  users: UserId[];
  /** What was stored before it began, as it is at its end. */
  messages: KeptMessage[];
}
