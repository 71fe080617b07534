import type { ContentDigests } from './content-digest.ts';
import type { Position } from './conversation/audience.ts';
import type { ConversationId, UserId } from './conversation/conversation-id.ts';
import type { Role } from './group/group.ts';
import type { GroupChange } from './group/group-change.ts';
import type { Mentions } from './message.ts';
import type { ActionName, WantedAction } from './message-action.ts';
import type { MessageId } from './message-id.ts';
import type { EncodedMessage } from './message-text.ts';
import type { WantedReaction } from './reaction.ts';
import type { MessageStatus } from './status.ts';

/** Topic of all events of conversations, sharded by conversation (`synced` events: by user). */
export const CONVERSATION_TOPIC = 'conversation';
/** Topic that feeds the search index, sharded by conversation. */
export const SEARCH_TOPIC = 'search-sync';
/** Topic of push tasks, sharded by user. */
export const PUSH_TOPIC = 'push';

/** Topic of what the host application is told, sharded by the key of each server event. */
export const SERVER_EVENT_TOPIC = 'server-events';

/** The consumer groups that all processes of an app share. */
export const BUSINESS_GROUP = 'business';
export const DATASYNC_GROUP = 'datasync';
export const PUSH_GROUP = 'push';
export const HOOKS_GROUP = 'hooks';

/** The consumer group of each topic. Engines create these groups, and their backlogs are monitored. */
export const CONSUMER_GROUPS = [
  { topic: CONVERSATION_TOPIC, group: BUSINESS_GROUP },
  { topic: SEARCH_TOPIC, group: DATASYNC_GROUP },
  { topic: PUSH_TOPIC, group: PUSH_GROUP },
  { topic: SERVER_EVENT_TOPIC, group: HOOKS_GROUP },
] as const;

/** Fields that an event of any type may have (docs/adr/0030-events-of-newer-versions.md). */
export interface EventEnvelope {
  /**
   * The format of the event's type, from 1. Absent: 1. A process that does not know the format leaves the event to
   * newer processes.
   */
  v?: number;
  /** Unix ms of the first publish, if a process that does not know the event has put it back since. */
  firstPublishedAt?: number;
}

/**
 * A node accepted a message. The event names the sender's session, so that the server ACK needs no presence look-up.
 */
export interface MessageEvent extends EventEnvelope {
  type: 'message';
  /** The message and its text, which was made when the message was accepted. */
  encoded: EncodedMessage;
  /** See `contentDigests`. */
  digests: ContentDigests;
  /** The accepting node and session. */
  nodeId: string;
  sessionId: string;
  /**
   * The latest message of the conversation that the sender has seen, by the sender's account (`MessageToRecord.after`).
   */
  after?: MessageId;
  /** The node did not push it to the group: it is pushed once it is stored, with its place. */
  unpushed?: true;
  /** Ms from `sentAt` until both ways began. Absent: unknown. */
  dispatchMs?: number;
  /** The W3C `traceparent` of the publish, if traced. */
  trace?: string;
}

/** The live way found no device, or no device acked in time: the messages are offline (design, section 3, step 5). */
export interface OfflineEvent extends EventEnvelope {
  type: 'offline';
  conversationId: ConversationId;
  messageIds: MessageId[];
  /** The user who did not get them. */
  to: UserId;
  nodeId: string;
  at: number;
  /**
   * For each message: how many ms before `at` a socket accepted it; -1: no socket did. Absent: no socket accepted any
   * of them.
   */
  pushedMs?: number[];
  /** As in `MessageEvent`; only if the event has a single message. */
  trace?: string;
}

/** A device acked. `delivered` names ids; `read` names ids or the last one read. */
export interface ReceiptEvent extends EventEnvelope {
  type: 'receipt';
  conversationId: ConversationId;
  state: 'delivered' | 'read';
  messageIds: MessageId[];
  /** The user who acked, and on which device. */
  by: UserId;
  deviceId: string;
  nodeId: string;
  at: number;
  /** How often the event was put back because its message was not stored yet. */
  tries?: number;
  /**
   * The node does not know these messages, so they may not exist: the receipt is put back at most once, and only while
   * its messages may be on their way to the bus. Absent: the node pushed them to the user.
   */
  unseen?: true;
  /** As in `OfflineEvent`. */
  pushedMs?: number[];
}

/** A member changes a stored message. The action gets its revision when it is handled, in shard order. */
export type ActionEvent<A extends ActionName = ActionName> = {
  [N in A]: EventEnvelope &
    WantedAction<N> & {
      type: 'action';
      conversationId: ConversationId;
      messageId: MessageId;
      /** The session that is told of a refusal. */
      sessionId: string;
      ref?: string;
      nodeId: string;
    };
}[A];

/** Somebody reacts to a message, or takes that back. Handled in shard order. */
export interface ReactionEvent extends EventEnvelope, Pick<WantedReaction, 'by' | 'on' | 'actionId' | 'at'> {
  type: 'react';
  conversationId: ConversationId;
  messageId: MessageId;
  /** Empty: all that the user has reacted with is taken back, as they are erased. No frame asks for that. */
  emoji: string;
  /** The session that is told of a refusal. */
  sessionId: string;
  ref?: string;
  nodeId: string;
}

/**
 * A sync page with the positions in (after, upTo], and how many ms before the confirmation it was requested and sent.
 */
export type SyncedPage = readonly [after: Position, upTo: Position, askedMs: number, sentMs: number];

/** A device confirmed everything up to `position` of its user's inbox. */
export interface SyncedEvent extends EventEnvelope {
  type: 'synced';
  userId: UserId;
  deviceId: string;
  position: Position;
  /** The epoch of the inbox, if the device sent it. */
  epoch?: string;
  nodeId: string;
  at: number;
  /** The latest sync pages of this connection that the position confirms. */
  pages?: SyncedPage[];
}

/** Somebody asked for a change of a group, which is decided in the order of the group's shard. */
export interface GroupEvent extends EventEnvelope {
  type: 'group';
  change: GroupChange;
  /** The process that took it. */
  nodeId: string;
}

export type ConversationEvent =
  | MessageEvent
  | OfflineEvent
  | ReceiptEvent
  | ActionEvent
  | ReactionEvent
  | SyncedEvent
  | GroupEvent;

/**
 * Texts or statuses changed, or messages were recalled. DataSync reads the messages from the message store and indexes
 * the result.
 */
export interface SearchEvent extends EventEnvelope {
  messages: {
    conversationId: ConversationId;
    messageId: MessageId;
    /**
     * The message's status is at least this. If the index has this or a later one, the message need not be read.
     * Absent: read it in any case.
     */
    status?: MessageStatus | undefined;
    /** As in `MessageEvent`. */
    trace?: string | undefined;
  }[];
}

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
