import type { UserId } from './conversation/conversation-id.ts';
import type { Limits } from './limits.ts';
import {
  type KeptReactor,
  MAX_REACTION_IDS,
  type MessageReactions,
  type ReactionCount,
  type WantedReaction,
} from './reaction.ts';

export type ReactionLimits = Pick<Limits, 'maxReactionEmojis' | 'maxReactionsPerUser'>;

export interface ReactionOutcome {
  /** `unchanged`: it was so already, or is a repeat. The others: what is at its limit. */
  result: 'changed' | 'unchanged' | 'maxReactionEmojis' | 'maxReactionsPerUser';
  /** All that the user has reacted with, once everything wanted is applied. */
  emojis: readonly string[];
}

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
