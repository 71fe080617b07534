import type { ContentDigests } from './content-digest.ts';
import type { Position } from './conversation/audience.ts';
import type { ConversationId, UserId } from './conversation/conversation-id.ts';
import type { ActionName } from './message-action.ts';
import type { MessageId } from './message-id.ts';
import type { EncodedMessage } from './message-text.ts';
import type { MessageStatus } from './status.ts';

/** Topic of everything that happens in conversations, sharded by conversation (and `synced`, by user). */
export const CONVERSATION_TOPIC = 'conversation';
/** Topic that feeds the search index, sharded by conversation. */
export const SEARCH_TOPIC = 'search-sync';
/** Topic of push tasks, sharded by user. */
export const PUSH_TOPIC = 'push';

/** The consumer groups that all processes of an app share. */
export const BUSINESS_GROUP = 'business';
export const DATASYNC_GROUP = 'datasync';
export const PUSH_GROUP = 'push';

/** Who consumes what: what an engine sets up, and whose backlog is watched. */
export const CONSUMER_GROUPS = [
  { topic: CONVERSATION_TOPIC, group: BUSINESS_GROUP },
  { topic: SEARCH_TOPIC, group: DATASYNC_GROUP },
  { topic: PUSH_TOPIC, group: PUSH_GROUP },
] as const;

/** What an event of any type may carry (docs/adr/0030-events-of-newer-versions.md). */
export interface EventEnvelope {
  /** Which format of its type it has, from 1. Absent: 1. A process leaves a higher one than it knows to newer processes. */
  v?: number;
  /** Unix ms of its first publish, if a process that does not know it has put it back since. */
  firstPublishedAt?: number;
}

/** A node accepted a message. Carries where the sender's session is, so that the server ACK finds it without a look-up. */
export interface MessageEvent extends EventEnvelope {
  type: 'message';
  /** The message with the text that was made of it where it was accepted. */
  encoded: EncodedMessage;
  /** See `contentDigests`. */
  digests: ContentDigests;
  /** The accepting node and session. */
  nodeId: string;
  sessionId: string;
  /** What its sender says to have seen of the conversation (`MessageToRecord.after`). */
  after?: MessageId;
  /** Ms from `sentAt` to the moment at which both ways began. Absent: none. */
  dispatchMs?: number;
  /** The W3C `traceparent` of its publish, where it is traced. */
  trace?: string;
}

/** The live way found no device, or no device acked in time: the messages wait (design, section 3, step 5). */
export interface OfflineEvent extends EventEnvelope {
  type: 'offline';
  conversationId: ConversationId;
  messageIds: MessageId[];
  /** Who did not get them. */
  to: UserId;
  nodeId: string;
  at: number;
  /** For each message, how many ms before `at` a socket took it; -1: none did. Absent: none of them. */
  pushedMs?: number[];
  /** As in `MessageEvent`, of a message that is alone in the event. */
  trace?: string;
}

/** A device acked. `delivered` names ids; `read` names ids or the last one read. */
export interface ReceiptEvent extends EventEnvelope {
  type: 'receipt';
  conversationId: ConversationId;
  state: 'delivered' | 'read';
  messageIds: MessageId[];
  /** Who acked, on which device. */
  by: UserId;
  deviceId: string;
  nodeId: string;
  at: number;
  /** How often it was put back because its message was not stored yet. */
  tries?: number;
  /**
   * The node knows nothing of these messages, so they may not exist: the receipt is put back once at most, and only while
   * its messages may be on their way to the bus. Absent: the node pushed them to the user.
   */
  unseen?: true;
  /** As in `OfflineEvent`. */
  pushedMs?: number[];
}

/** A member does something to a stored message. Its revision is given when it is handled, in the order of the shard. */
export interface ActionEvent extends EventEnvelope {
  type: 'action';
  action: ActionName;
  conversationId: ConversationId;
  messageId: MessageId;
  by: UserId;
  /** Where a refusal is told. */
  sessionId: string;
  ref?: string;
  nodeId: string;
  at: number;
}

/** A sync page with the positions in (after, upTo]: how many ms before the confirmation it was asked for and sent. */
export type SyncedPage = readonly [after: Position, upTo: Position, askedMs: number, sentMs: number];

/** A device made its own everything up to `position` of its user's inbox. */
export interface SyncedEvent extends EventEnvelope {
  type: 'synced';
  userId: UserId;
  deviceId: string;
  position: Position;
  /** The inbox that the position is of, when the device said it. */
  epoch?: string;
  nodeId: string;
  at: number;
  /** Pages of this connection that it confirms, the latest ones. */
  pages?: SyncedPage[];
}

export type ConversationEvent = MessageEvent | OfflineEvent | ReceiptEvent | ActionEvent | SyncedEvent;

/** Texts, statuses or recalls changed; DataSync reads the messages themselves and indexes what it finds. */
export interface SearchEvent extends EventEnvelope {
  messages: {
    conversationId: ConversationId;
    messageId: MessageId;
    /** The message has come so far at least; what is indexed at this or a later status needs no look. Absent: look anyway. */
    status?: MessageStatus | undefined;
    /** As in `MessageEvent`. */
    trace?: string | undefined;
  }[];
}

/** Someone should be notified of a message that waits. Whoever puts it back says how far it has come. */
export interface PushTask extends EventEnvelope {
  messageId: MessageId;
  conversationId: ConversationId;
  from: UserId;
  to: UserId;
  /** Unix ms at which the receiver was found to be away. */
  at: number;
  /** Only this device is still to be told. Absent: all of them. */
  deviceId?: string;
  /** Requests that were made for that device. */
  attempts?: number;
  /** How often it was put back because the receiver had just come back and might confirm. */
  waits?: number;
  /** As in `MessageEvent`. */
  trace?: string;
}

/**
 * A code is to be sent to an e-mail address, to show whose it is. On `PUSH_TOPIC`, alone in its bus message. It has no words of
 * a user's: the address may be a stranger's.
 */
export interface AddressCheck extends EventEnvelope {
  type: 'address_check';
  /** Names it in push outcomes: 32 hex digits. */
  checkId: string;
  /** The user and the device whose registration has the address. */
  to: UserId;
  deviceId: string;
  address: string;
  /** As it is shown, at most 32 characters. */
  code: string;
  /** BCP 47; empty: not said. */
  language: string;
  /** Unix ms of the request, and when the mail is of no use any more. */
  at: number;
  expiresAt: number;
  /** Requests to the mail server that were made for it. */
  attempts?: number;
}
