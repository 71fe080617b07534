import type { MessageId, UserId } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';

/** The reactions to a message as this device knows them. Immutable. */
export interface ShownReactions {
  /** A higher one is newer. */
  readonly revision: number;
  /** By first use; empty: all were taken back. `mine`: this user reacted with it. */
  readonly counts: readonly { readonly emoji: string; readonly count: number; readonly mine?: boolean }[];
  /** The revision at which the server last said what is `mine`. Absent: `revision`. */
  readonly mineRevision?: number;
}

/** A message that is reacted to, and what the application knows of its reactions: the library may not have it in memory. */
export interface ReactedMessage {
  readonly messageId: MessageId;
  readonly reactions?: ShownReactions | undefined;
}

/** Without what else the application gave. */
export function reactedMessage(message: MessageId | ReactedMessage): ReactedMessage {
  if (typeof message === 'string') return { messageId: message };
  const { messageId, reactions } = message;
  return { messageId, reactions };
}

/**
 * What a frame says. With `changes` it goes to everybody: it says what is `mine` only if one of them is this user's.
 * Undefined: it says nothing.
 */
export function reactionsIn(
  { reactions, changes }: Pick<ServerFrameOf<'action'>, 'reactions' | 'changes'>,
  userId: UserId | '',
): ShownReactions | undefined {
  if (reactions === undefined || changes === undefined) return reactions;
  const own = changes.findLast(({ by }) => by === userId);
  return withMine({ ...reactions, mineRevision: own === undefined ? 0 : reactions.revision }, own?.emojis ?? []);
}

/** What two states say together, whichever came first: the newer counts, and what the newer statement says is `mine`. */
export function joinedReactions(a: ShownReactions | undefined, b: ShownReactions): ShownReactions {
  if (a === undefined) return b;
  const later = b.revision >= a.revision ? b : a;
  const own = mineOf(b) >= mineOf(a) ? b : a;
  const mine = own.counts.flatMap((one) => (one.mine ? [one.emoji] : []));
  return withMine({ ...later, mineRevision: mineOf(own) }, mine);
}

/** As it will be once the server has recorded the user's reaction. */
export function withReaction(before: ShownReactions | undefined, emoji: string, on: boolean): ShownReactions {
  const { counts, ...known } = before ?? { revision: 0, counts: [] };
  const found = counts.find((one) => one.emoji === emoji);
  if ((found?.mine ?? false) === on) return { ...known, counts };
  if (found === undefined) return { ...known, counts: [...counts, { emoji, count: 1, mine: true }] };
  const changed = counts.map((one) => {
    if (one !== found) return one;
    return on ? { emoji, count: one.count + 1, mine: true } : { emoji, count: one.count - 1 };
  });
  return { ...known, counts: changed.filter(({ count }) => count > 0) };
}

function mineOf({ revision, mineRevision = revision }: ShownReactions): number {
  return mineRevision;
}

function withMine({ counts, ...known }: ShownReactions, mine: readonly string[]): ShownReactions {
  return {
    ...known,
    counts: counts.map(({ emoji, count }) => ({ emoji, count, ...(mine.includes(emoji) && { mine: true }) })),
  };
}
