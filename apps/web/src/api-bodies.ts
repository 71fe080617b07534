import type { ConversationId, MessageId, MessageStatus, MomentId, Picture, SparseState, UserId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';

/** The bodies of the HTTP API that the page reads; `/api/docs` describes them. */
export interface Tokens {
  userId: UserId;
  accessToken: string;
  refreshToken: string;
  expiresInS: number;
}

/** The `error` of a failed request. */
export interface Problem {
  code: string;
  message: string;
  /** The faulty field of the request. */
  field: string;
  /** Ms. */
  retryAfterMs: number;
}

export interface ConversationBody {
  conversationId: ConversationId;
  /** Absent for a group. */
  peer?: UserId;
  /** Absent for a group without messages. */
  lastMessage?: { messageId: MessageId; from: UserId; preview: string };
  unread: number;
  /** Absent: nothing is read yet. */
  readUpTo?: MessageId;
  /** Unix ms. */
  updatedAt: number;
}

/** A direct conversation. */
export type DirectBody = ConversationBody & Required<Pick<ConversationBody, 'peer' | 'lastMessage'>>;

export interface ConversationsPage {
  conversations: ConversationBody[];
  nextCursor?: string;
}

export interface StatesPage {
  states: { conversationId: ConversationId; state: SparseState }[];
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
  /** Absent in a group. */
  to?: UserId;
  /** Unix ms. */
  sentAt: number;
  status: MessageStatus;
  text: string;
}

/** Exact hits first, then the others, each newest first. */
export interface SearchPage {
  hits: SearchHit[];
  /** An opaque cursor, to be sent back unchanged. */
  nextBefore?: string;
}

export interface UnreadBody {
  total: number;
  byConversation: { [conversationId: ConversationId]: number };
}

export interface UserBody {
  userId: UserId;
  displayName: string;
  avatar: string;
  /** Unix ms. Absent: the user may not see it, or there is none. */
  lastSeenAt?: number;
}

export interface NodeAddress {
  nodeId: string;
  wsUrl: string;
  relativeUrl?: string;
  directUrl?: string;
  draining: boolean;
}

export interface MomentBody {
  momentId: MomentId;
  author: UserId;
  text: string;
  pictures: Picture[];
  /** The contacts who see the user's own moment. Absent: all contacts. */
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
