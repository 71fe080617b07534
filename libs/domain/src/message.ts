import type { Audience } from './conversation/audience.ts';
import type { ConversationId, UserId } from './conversation/conversation-id.ts';
import type { MessageContent } from './message-content.ts';
import type { MessageId } from './message-id.ts';
import type { MessageStatus } from './status.ts';

/** The kind of a message selects its sender in Connect. */
export const MESSAGE_KINDS = ['c2c', 'group'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** The members who are mentioned: at most `MAX_MENTIONS` of them, or all. */
export type Mentions = readonly UserId[] | 'all';
export const MAX_MENTIONS = 50;

/** Names a message of the same conversation. */
export interface MessageReference {
  messageId: MessageId;
}

/** Asks for a message with the content of another one, of any conversation whose message the sender may see. */
export interface ForwardRequest {
  conversationId: ConversationId;
  messageId: MessageId;
  /** Whether readers are told whose words they are; absent: they are. */
  withOrigin?: boolean;
}

/** Whose words a forwarded message has. It names no conversation: readers may not know of that one. */
export interface ForwardOrigin {
  /** Who wrote the first message of the chain. */
  from: UserId;
  /** Unix ms at which that one was sent. */
  at: number;
}

/** A message as Connect accepted it, and as the bus, the live way and the stores carry it. */
export interface Message {
  messageId: MessageId;
  conversationId: ConversationId;
  from: UserId;
  /** The device that sent it. */
  fromDevice: string;
  /** The sender's idempotency key, 1–64 characters, unique among the sender's messages of the dedup window. */
  clientMessageId: string;
  kind: MessageKind;
  content: MessageContent;
  /** Only in groups. */
  mentions?: Mentions;
  /** The message that it answers. It need not exist: readers are shown what it is to them (`quotesOf`). */
  replyTo?: MessageReference;
  /** It was forwarded, with its origin. */
  forwarded?: ForwardOrigin;
  /** Unix ms at the accepting node. */
  sentAt: number;
  /** The logs that the message is appended to. Never sent in a frame: it may reveal who blocks whom. */
  audience: Audience;
}

/** The states of a message's trace that stores keep; `traceOf` adds those that follow from them. */
export type StepState =
  | 'dispatching'
  | 'queued'
  | 'storing'
  | MessageStatus
  | 'pushed_live'
  | 'indexed'
  | 'syncing'
  | 'awaiting_confirmation'
  | 'synced'
  | 'edited'
  | 'recalled';

/** One step of a message's trace, as stores keep it. */
export interface MessageStep {
  state: StepState;
  /** Unix ms. */
  at: number;
  /** The node or process that made the step. */
  node: string;
  /** Minimum number of earlier attempts. Absent: this was the first. */
  retries?: number;
}

/** What a message said before an edit. */
export interface MessageVersion {
  content: MessageContent;
  /** Unix ms since when: of the edit that wrote it, or when the message was sent. */
  at: number;
}

/** A message as stored. */
export interface StoredMessage extends Message {
  /**
   * The status for each member for whom one is known; *stored* for all others. *Read* also follows from marks: see
   * `withMarks`.
   */
  statuses: { readonly [member: UserId]: MessageStatus };
  /** The revision of the last action; 0: unchanged since it was sent. */
  revision: number;
  /** Unix ms at which it was recalled; the content is then empty. */
  recalledAt?: number;
  /** Who recalled it: its sender, an admin or the system. Absent also where a release up to 0.1 recalled it. */
  recalledBy?: UserId;
  /** Unix ms of the last edit. */
  editedAt?: number;
  /** The `actionId` of each of the latest edits, at most `MAX_EDIT_IDS`, oldest first. */
  editIds?: readonly string[];
  /** What it said before, oldest first, where edits keep that (`keptVersions`). For audits alone: no frame has it. */
  versions?: readonly MessageVersion[];
  /** Each state at most once, in chronological order. */
  steps: MessageStep[];
}
