import type {
  ConversationId,
  ErrorCode,
  ForwardRequest,
  MessageContent,
  MessageId,
  MessageReference,
  NodeInfo,
  UserId,
} from '@chasqui/domain';

/** A message that the server API sends for a user. One of `to` and `conversationId` is given. */
export interface ServerMessage {
  from: UserId;
  to?: UserId;
  conversationId?: ConversationId;
  clientMessageId: string;
  /** Either this or `forwardOf`. */
  content?: MessageContent;
  forwardOf?: ForwardRequest;
  mentions?: 'all' | UserId[];
  /** The message that it is an answer to, in the same conversation. */
  replyTo?: MessageReference;
  /** A message that its sender knows: its id sorts behind this one (C5). */
  after?: MessageId;
  /** The ack that the call waits for. */
  wait: 'queued' | 'stored';
}

/** `queued` although `stored` was asked for: it was not stored in time, and will be (C1). */
export type SendOutcome =
  | { state: 'queued' | 'stored'; messageId: MessageId; conversationId: ConversationId }
  | { error: SendFault };

/** Why a message was not sent. The outcome is unknown only where the code says so: a resend is safe (C4). */
export interface SendFault {
  code: ErrorCode;
  message: string;
  field?: string;
  retryAfterMs?: number;
}

/** Hands messages of the server API to a Connect node, which sends them as it sends those of its sessions. */
export interface SendLink extends AsyncDisposable {
  /**
   * The outcomes, in order. Messages of one sender to one conversation are sent in order (C5). Errors:
   * `peer_unavailable` if the node cannot be reached, does not answer within the deadline or is of an older version;
   * the outcome is then unknown, and a resend on any node is safe (C4).
   */
  send(node: Pick<NodeInfo, 'nodeId' | 'peerAddress'>, messages: readonly ServerMessage[]): Promise<SendOutcome[]>;
}

/** A node's own part. It never rejects: each message has its outcome. */
export type SendHandler = (messages: readonly ServerMessage[]) => Promise<SendOutcome[]>;
