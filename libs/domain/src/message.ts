import type { ConversationId, UserId } from './conversation.ts';
import type { MessageId } from './message-id.ts';
import type { MessageStatus } from './status.ts';

/** The dispatch key of a message: one sender each, in Connect. */
export const MESSAGE_KINDS = ['c2c'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** What the user wrote. At least one of the two is present. */
export interface MessageContent {
  /** Plain text, searchable. */
  text?: string;
  /** The application's own JSON (an image's address, a location …), carried and stored as it is. */
  data?: { [key: string]: unknown };
}

/** A message as it travels: what Connect accepted and what the bus, the live way and the store carry. */
export interface Message {
  messageId: MessageId;
  conversationId: ConversationId;
  from: UserId;
  /** The device that sent it. */
  fromDevice: string;
  to: UserId;
  /** The sender's idempotency key, 1–64 characters, unique among the sender's messages of the dedup window. */
  clientMessageId: string;
  kind: MessageKind;
  content: MessageContent;
  /** Unix ms at the accepting node. */
  sentAt: number;
  /** The receiver blocks the sender, who is not to know: only the sender has it. No frame carries this. */
  silenced?: true;
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
  | 'recalled';

/** One step of a message's trace, as stores keep it. */
export interface MessageStep {
  state: StepState;
  /** Unix ms. */
  at: number;
  /** The node or process that made the step. */
  node: string;
  /** How often it had been tried before, at least. Absent: it was the first try. */
  retries?: number;
}

/** A message as the store knows it. */
export interface StoredMessage extends Message {
  status: MessageStatus;
  /** Unix ms when the sender recalled it; its content is empty then. */
  recalledAt?: number;
  /** Each step at most once, in the order of its time. */
  steps: MessageStep[];
}
