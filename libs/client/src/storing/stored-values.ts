import type {
  ForwardOrigin,
  ForwardRequest,
  LogId,
  Mentions,
  MessageContent,
  MessageId,
  MessageReference,
  Position,
  UserId,
} from '@chasqui/domain';

/** The inbox position of this device, with the inbox's user and epoch. */
export interface Head {
  userId: UserId | '';
  epoch?: string;
  position: Position;
}

/** A message that the server has not stored yet. */
export interface Unsent {
  clientMessageId: string;
  /** The message's number in the order of sending. */
  order: number;
  /** The receiver, or the log of the group. */
  to: LogId;
  /** Of a forward: what this device knew of it, and since it is queued, what the server took. */
  content: MessageContent;
  forwardOf?: ForwardRequest;
  /** `content` is what the server says that the forward says under this id. */
  saidAs?: MessageId;
  forwarded?: ForwardOrigin;
  mentions?: Mentions;
  replyTo?: MessageReference;
  /** Unix ms. */
  createdAt: number;
  /**
   * The highest id that its conversation showed when the message was written: it sorts after that id, also after a
   * restart (C5).
   */
  after?: MessageId;
  /** Present once the message is queued. */
  messageId?: MessageId;
  /** The server may have it: it was sent before, maybe by an earlier run of the program. */
  wasSent?: true;
}
