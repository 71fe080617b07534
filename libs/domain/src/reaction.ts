import type { ConversationId, UserId } from './conversation/conversation-id.ts';
import type { MessageId } from './message-id.ts';

/** How many of a user's latest reactions to one message are known again when they are repeated. */
export const MAX_REACTION_IDS = 10;

/** Reactions to one message that one update of its logs tells of. */
export const MAX_CHANGES = 20;

/** How many users have reacted with an emoji. */
export interface ReactionCount {
  emoji: string;
  /** At least 1. */
  count: number;
}

/** The reactions to a message. */
export interface MessageReactions {
  /** Raised by each change, never lowered: of two states of a message's reactions, the one with the higher is newer. */
  revision: number;
  /** Unix ms of the last change. */
  at: number;
  /** By first use. */
  counts: readonly ReactionCount[];
}

/** The reactions to a message as one user sees them. */
export interface SeenReactions extends MessageReactions {
  /** What this user has reacted with. */
  mine: readonly string[];
}

/** What one user has reacted with to a message. */
export interface Reactor {
  userId: UserId;
  /** At least one, in the order of reacting. */
  emojis: readonly string[];
  /** Unix ms of the user's last change. */
  at: number;
}

/** What is kept of a user and a message; also of a user who has taken everything back, to know repeats again. */
export interface KeptReactor extends Omit<Reactor, 'userId'> {
  /** The keys of the latest reactions, the last one last. */
  ids: readonly string[];
}

/** Somebody reacts to a message, or takes that back. */
export interface WantedReaction {
  by: UserId;
  /** Null: all of the user's are taken back, and nothing is kept of the user. */
  emoji: string | null;
  on: boolean;
  /** The user's idempotency key for it. */
  actionId: string;
  /** Unix ms. */
  at: number;
}

/** A change of a message's reactions, as devices are told of it. */
export interface ReactionChange extends Pick<WantedReaction, 'by' | 'actionId'> {
  /** All that the user has reacted with since then. */
  emojis: string[];
}

/** Of a message to which nobody has reacted. */
export const NO_REACTIONS: MessageReactions = { revision: 0, at: 0, counts: [] };

/** The reactions to a message changed. What they are is in the store alone, so that a recall removes them everywhere. */
export interface ReactionUpdate {
  type: 'react';
  conversationId: ConversationId;
  messageId: MessageId;
  /** Of the reactions since then. */
  revision: number;
  /** Unix ms. */
  at: number;
}
