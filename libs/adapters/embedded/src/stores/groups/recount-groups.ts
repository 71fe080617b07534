import type { DriftReport } from '@chasqui/ports';
import { EntryType, isIncoming } from '../conversations/log-row.ts';
import type { User } from '../conversations/users.ts';
import type { StoreContext } from '../store-context.ts';
import { countMentions, countsUpTo, unreadOf } from './counts.ts';
import { editMentionsAfter } from './edit-mentions.ts';
import type { GroupState } from './groups.ts';
import type { MemberRow } from './members.ts';

/** Log entries read at a time. */
const CHUNK = 1_000;
const COUNTS = ['unread', 'mentions'] as const;
const GROUPS_OF = 'SELECT conversation FROM members WHERE name = ? AND left_at = 0';

/** Recomputes a user's counts in groups: see `ConversationStore.recount`. */
export function recountGroups(store: StoreContext, userId: string, repair: boolean): DriftReport[] {
  const drift: DriftReport[] = [];
  for (const [id] of store.db.all(GROUPS_OF, userId)) {
    const state = store.groups.byId(id as number);
    const { conversationId } = state.group;
    const row = store.members.current(state.id, { conversationId, userId });
    if (row === undefined) continue;
    const stored = unreadOf(store, state.id, row);
    const recomputed = {
      unread: countAfterMark(store, state, row),
      mentions: countMentions(store, state.id, row.user, row.read.upTo),
    };
    const wrong = COUNTS.filter((count) => stored[count] !== recomputed[count]);
    for (const count of wrong) {
      drift.push({ userId, conversationId, count, stored: stored[count], recomputed: recomputed[count] });
    }
    if (repair && wrong.length > 0) setCountsInGroup(store, state, row, recomputed);
  }
  return drift;
}

/** Moves the mark's totals, so that these are the member's counts. */
export function setCountsInGroup(
  store: StoreContext,
  { id }: GroupState,
  row: MemberRow,
  counts: { unread: number; mentions: number },
): void {
  const { others, mentions } = countsUpTo(store, id, row.user);
  const byEdits = editMentionsAfter(store.db, id, row.user, row.read.upTo);
  const totals = { others: others - counts.unread, mentions: mentions + byEdits - counts.mentions };
  store.members.mark(id, row.member, { ...row.read, ...totals });
}

/** The log is counted from the mark on; of trimmed entries after it, only the tallies know. */
function countAfterMark(store: StoreContext, { id, log: name, group }: GroupState, { user, read }: MemberRow): number {
  const { users, logs } = store;
  const log = users.obtain(name);
  const first = log.floor === 0 ? '' : (firstMessage(store, log) ?? group.lastMessageId);
  const isTrimmed = first > read.upTo;
  const from = isTrimmed ? first : read.upTo;
  let count = countsUpTo(store, id, user, from).others - countsUpTo(store, id, user, read.upTo).others;
  for (let after = lastPlaceUpTo(store, log, from); after < log.head; after += CHUNK) {
    for (const row of logs.page(log, after, CHUNK)) if (isIncoming(row, user)) count++;
  }
  return count;
}

/** The id of the first message that the log has. */
function firstMessage({ logs }: StoreContext, log: User): string | undefined {
  for (let after = log.floor; after < log.head; after += CHUNK) {
    const found = logs.page(log, after, CHUNK).find(({ type }) => type === EntryType.message);
    if (found !== undefined) return found.ref ?? undefined;
  }
  return undefined;
}

/** The last position before the messages with higher ids: ids rise with positions. */
function lastPlaceUpTo({ logs }: StoreContext, log: User, id: string): number {
  let [low, high] = [log.floor, log.head];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    let at = middle;
    while (at > low && logs.entry(log, at)?.type !== EntryType.message) at--;
    if (at === low || (logs.entry(log, at)?.ref ?? '') <= id) low = middle;
    else high = at - 1;
  }
  return low;
}
