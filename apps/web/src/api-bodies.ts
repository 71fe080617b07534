import type { ConversationId, MessageId, MessageStatus, MomentId, Picture, UserId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';

/** The bodies of the HTTP API that the page reads; `/api/docs` describes them. */
export interface Tokens {
  userId: UserId;
  accessToken: string;
  refreshToken: string;
  expiresInS: number;
}

/** The `error` of an answer that is none. */
export interface Problem {
  code: string;
  message: string;
  /** What of the request is at fault. */
  field: string;
  /** Ms. */
  retryAfterMs: number;
}

export interface ConversationBody {
  conversationId: ConversationId;
  peer: UserId;
  lastMessage: { messageId: MessageId; from: UserId; preview: string };
  unread: number;
  /** Absent: nothing is read yet. */
  readUpTo?: MessageId;
  /** Unix ms. */
  updatedAt: number;
}

export interface ConversationsPage {
  conversations: ConversationBody[];
  nextCursor?: string;
}

/** Newest first. */
export interface HistoryPage {
  messages: ServerFrameOf<'chat'>[];
  nextBefore?: MessageId;
}

export interface SearchHit {
  messageId: MessageId;
  conversationId: ConversationId;
  from: UserId;
  to: UserId;
  /** Unix ms. */
  sentAt: number;
  status: MessageStatus;
  text: string;
}

/** Exact hits first, then the others, each newest first. */
export interface SearchPage {
  hits: SearchHit[];
  /** To be handed back as it is. */
  nextBefore?: string;
}

export interface UnreadBody {
  total: number;
  byConversation: { [conversationId: ConversationId]: number };
}

export interface UserBody {
  userId: UserId;
  displayName: string;
  /** Unix ms. Absent: not for us to know, or never. */
  lastSeenAt?: number;
}

export interface NodeAddress {
  nodeId: string;
  wsUrl: string;
  draining: boolean;
}

export interface MomentBody {
  momentId: MomentId;
  author: UserId;
  text: string;
  pictures: Picture[];
  /** Of an own one: who sees it. Absent: all contacts. */
  chosen?: UserId[];
  /** Unix ms. */
  at: number;
  likes: number;
  liked: boolean;
  comments: number;
}

/** Newest first. */
export interface MomentsPage {
  moments: MomentBody[];
  nextBefore?: MomentId;
}

export interface CommentBody {
  commentId: MomentId;
  author: UserId;
  text: string;
  /** Unix ms. */
  at: number;
}

/** Oldest first. */
export interface CommentsPage {
  comments: CommentBody[];
  nextAfter?: MomentId;
}
