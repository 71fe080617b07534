import type { ConversationId, UserId } from './conversation/conversation-id.ts';
import type { Limits } from './limits.ts';
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

export type ReactionLimits = Pick<Limits, 'maxReactionEmojis' | 'maxReactionsPerUser'>;

export interface ReactionOutcome {
  /** `unchanged`: it was so already, or is a repeat. The others: what is at its limit. */
  result: 'changed' | 'unchanged' | 'maxReactionEmojis' | 'maxReactionsPerUser';
  /** All that the user has reacted with, once everything wanted is applied. */
  emojis: readonly string[];
}

/** Of a message to which nobody has reacted. */
export const NO_REACTIONS: MessageReactions = { revision: 0, at: 0, counts: [] };

/** What `applyReactions` changes. */
export interface ReactionState {
  reactions: MessageReactions;
  /** Of each user who wants a change; absent: nothing is kept of the user. */
  reactors: Map<UserId, KeptReactor>;
}

export interface AppliedReactions {
  reactions: MessageReactions;
  /** Rows to write; null: to delete. */
  rows: Map<UserId, KeptReactor | null>;
  /** In the order of what was wanted. */
  outcomes: ReactionOutcome[];
}

const NOTHING: KeptReactor = { emojis: [], ids: [], at: 0 };

/** Whether the reactions to the message are others since then. */
export function isChanged(outcomes: readonly ReactionOutcome[]): boolean {
  return outcomes.some(({ result }) => result === 'changed');
}

/**
 * Applies changes in their order. A user who reacts again with what they have, or repeats an earlier key, changes
 * nothing. Where a user may have one reaction only, another one replaces it.
 */
export function applyReactions(
  { reactions, reactors }: ReactionState,
  wanted: readonly WantedReaction[],
  limits: ReactionLimits,
): AppliedReactions {
  const rows: AppliedReactions['rows'] = new Map();
  const now = (by: UserId) => (rows.has(by) ? rows.get(by) : reactors.get(by)) ?? NOTHING;
  const counted = { reactions, rows };
  const results = wanted.map((one) => applyOne(counted, now(one.by), one, limits));
  const outcomes = wanted.map(({ by }, index) => ({ result: results[index] ?? 'unchanged', emojis: now(by).emojis }));
  return { ...counted, outcomes };
}

function applyOne(
  applied: Pick<AppliedReactions, 'reactions' | 'rows'>,
  before: KeptReactor,
  { by, emoji, on, actionId, at }: WantedReaction,
  limits: ReactionLimits,
): ReactionOutcome['result'] {
  if (emoji !== null && before.ids.includes(actionId)) return 'unchanged';
  const emojis = emojisAfter(before.emojis, { emoji, on }, limits.maxReactionsPerUser);
  if (emojis.length > Math.max(limits.maxReactionsPerUser, before.emojis.length)) return 'maxReactionsPerUser';
  const counts = recounted(applied.reactions.counts, before.emojis, emojis);
  const isSame = emojis.length === before.emojis.length && emojis.every((one) => before.emojis.includes(one));
  if (counts.length > Math.max(limits.maxReactionEmojis, applied.reactions.counts.length)) return 'maxReactionEmojis';
  if (emoji === null) applied.rows.set(by, null);
  else applied.rows.set(by, { emojis, ids: [...before.ids, actionId].slice(-MAX_REACTION_IDS), at });
  if (isSame) return 'unchanged';
  applied.reactions = { revision: applied.reactions.revision + 1, at, counts };
  return 'changed';
}

function emojisAfter(
  before: readonly string[],
  { emoji, on }: Pick<WantedReaction, 'emoji' | 'on'>,
  maximum: number,
): readonly string[] {
  if (emoji === null) return [];
  if (!on) return before.filter((one) => one !== emoji);
  if (before.includes(emoji)) return before;
  return maximum === 1 ? [emoji] : [...before, emoji];
}

function recounted(
  counts: readonly ReactionCount[],
  before: readonly string[],
  after: readonly string[],
): ReactionCount[] {
  const known = new Map(counts.map(({ emoji, count }) => [emoji, count]));
  for (const emoji of after) if (!before.includes(emoji)) known.set(emoji, (known.get(emoji) ?? 0) + 1);
  for (const emoji of before) if (!after.includes(emoji)) known.set(emoji, (known.get(emoji) ?? 0) - 1);
  return [...known].flatMap(([emoji, count]) => (count > 0 ? [{ emoji, count }] : []));
}

/** The JSON text of a message's reactions, as stores keep it. */
export function encodeReactions({ revision, at, counts }: MessageReactions): string {
  return JSON.stringify([revision, at, ...counts.flatMap(({ emoji, count }) => [emoji, count])]);
}

export function decodeReactions(text: string): MessageReactions {
  const [revision, at, ...pairs] = JSON.parse(text) as [number, number, ...(string | number)[]];
  const counts: ReactionCount[] = [];
  for (let n = 0; n < pairs.length; n += 2) counts.push({ emoji: String(pairs[n]), count: Number(pairs[n + 1]) });
  return { revision, at, counts };
}

/** The JSON text of what is kept of a user and a message. */
export function encodeReactor({ emojis, ids, at }: KeptReactor): string {
  return JSON.stringify([at, emojis, ids]);
}

export function decodeReactor(text: string): KeptReactor {
  const [at, emojis, ids] = JSON.parse(text) as [number, string[], string[]];
  return { emojis, ids, at };
}

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
