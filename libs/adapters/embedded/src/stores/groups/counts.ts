import type { StoreContext } from '../store-context.ts';
import { editMentionsAfter } from './edit-mentions.ts';
import type { MarkInGroup } from './members.ts';
import { Who } from './tallies.ts';

/** Messages of others up to an id, included, and those of them that mention the member; without an id: of all. */
export function countsUpTo(
  { tallies }: Pick<StoreContext, 'tallies'>,
  group: number,
  user: number,
  upTo?: string,
): { others: number; mentions: number } {
  const total = (who: number) => tallies.total(group, who, upTo);
  return {
    others: total(Who.messages) - total(Who.own(user)),
    mentions: total(Who.toAll) - total(Who.ownToAll(user)) + total(Who.named(user)),
  };
}

/** Messages of others after an id that mention the member, counted one by one. */
export function countMentions(
  { tallies, db }: Pick<StoreContext, 'tallies' | 'db'>,
  group: number,
  user: number,
  after: string,
): number {
  const count = (who: number) => tallies.countAfter(group, who, after);
  const byEdits = editMentionsAfter(db, group, user, after);
  return count(Who.toAll) - count(Who.ownToAll(user)) + count(Who.named(user)) + byEdits;
}

/** A member's exact counts (C21). */
export function unreadOf(
  store: Pick<StoreContext, 'tallies' | 'db'>,
  group: number,
  { user, read }: { user: number; read: Pick<MarkInGroup, 'upTo' | 'others' | 'mentions'> },
): { unread: number; mentions: number } {
  const all = countsUpTo(store, group, user);
  const byEdits = editMentionsAfter(store.db, group, user, read.upTo);
  return { unread: all.others - read.others, mentions: all.mentions - read.mentions + byEdits };
}
