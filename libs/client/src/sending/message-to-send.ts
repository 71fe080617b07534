import type {
  ConversationId,
  ForwardOrigin,
  ForwardRequest,
  Mentions,
  MessageContent,
  MessageReference,
  UserId,
} from '@chasqui/domain';

/** What is sent to whom. */
export interface MessageToSend {
  /** The receiver. Either this or `conversationId`. */
  to?: UserId;
  /** A group, or a direct conversation of the user's. */
  conversationId?: ConversationId;
  /** Of a forward: what is shown until the server says what it has sent. */
  content: MessageContent;
  /** A stored message that the user can see, of any conversation: the server sends what that one says. See `forwardMessages`. */
  forwardOf?: ForwardRequest;
  /** Only of a forward with its origin: what is shown of that until then. */
  forwarded?: ForwardOrigin;
  /** Only in groups: at most 50 members who are mentioned, or all. */
  mentions?: Mentions;
  /** The message of the same conversation that this one answers: one that is stored. */
  replyTo?: MessageReference;
  /** The idempotency key, if the application chooses its own; random otherwise. */
  clientMessageId?: string;
}
