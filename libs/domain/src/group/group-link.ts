import type { ConversationId, UserId } from '../conversation/conversation-id.ts';

/** An invitation: whoever knows its id may join, or ask to. */
export interface GroupLink {
  conversationId: ConversationId;
  /** Secret; 22 characters of base64url, made by the server. */
  linkId: string;
  createdBy: UserId;
  createdAt: number;
  /** Unix ms; 0: never. */
  expiresAt: number;
  /** How many may still use it; null: any number. */
  usesLeft: number | null;
}

/** The maximum number of links of one group that have not ended. */
export const MAX_LINKS = 100;
/** How long links are kept at least after they expired, in ms: whoever joined by one may ask again. */
export const EXPIRED_LINK_KEPT_MS = 24 * 3600 * 1000;

/** A user who asked to join and waits for approval. */
export interface JoinRequest {
  conversationId: ConversationId;
  userId: UserId;
  at: number;
}

/** The maximum number of users who wait for approval by one group. */
export const MAX_REQUESTS = 1_000;
/** The maximum number of admins, besides the owner, who are told of a request. */
export const MAX_TOLD_ADMINS = 20;
