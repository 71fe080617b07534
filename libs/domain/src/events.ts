import type { Position } from './conversation/audience.ts';
import type { ConversationId, UserId } from './conversation/conversation-id.ts';
import type { EventEnvelope } from './event-envelope.ts';
import type { GroupChange } from './group/group-change.ts';
import type { ActionName, WantedAction } from './message-action.ts';
import type { MessageEvent } from './message-event.ts';
import type { MessageId } from './message-id.ts';
import type { WantedReaction } from './reaction.ts';
import type { MessageStatus } from './status.ts';

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
