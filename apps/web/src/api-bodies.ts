import type { ConversationId, MessageId, MessageStatus, UserId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';

/** The bodies of the HTTP API that the page reads; `/api/docs` describes them. */
export interface Tokens {
  userId: UserId;
  accessToken: string;
  refreshToken: string;
  expiresInS: number;
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

/** Newest first. */
export interface SearchPage {
  hits: SearchHit[];
  nextBefore?: MessageId;
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
