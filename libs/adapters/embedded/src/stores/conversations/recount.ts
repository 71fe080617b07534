import type { DriftReport } from '@chasqui/ports';
import { recountGroups } from '../groups/recount-groups.ts';
import type { StoreContext } from '../store-context.ts';
import { isIncoming } from './log-row.ts';
import { setUnread } from './unread.ts';
import type { User } from './users.ts';

/** Log entries read at a time. */
const CHUNK = 1_000;
const USERS = 'SELECT name FROM users WHERE name > ? ORDER BY name LIMIT ?';
const IS_MEMBER = 'SELECT 1 FROM members WHERE name = ? AND left_at = 0 LIMIT 1';

/** Unread messages by conversation, counted from the inbox alone. */
function countInbox({ logs, conversations }: StoreContext, user: User): Map<number, number> {
  const counts = new Map<number, number>();
  for (let after = user.floor; after < user.head; after += CHUNK) {
    for (const row of logs.page(user, after, CHUNK)) {
      if (row.conversation === null || !isIncoming(row, user.id)) continue;
      const entry = conversations.entry(conversations.byId(row.conversation), user);
      if ((row.ref ?? '') <= (entry?.readId ?? '')) continue;
      counts.set(row.conversation, (counts.get(row.conversation) ?? 0) + 1);
    }
  }
  return counts;
}

/** Whether the user has anything that is counted: a listed conversation, or a group. */
function isCounted({ db, conversations }: StoreContext, user: User): boolean {
  for (const _ of conversations.latest(user, Number.MAX_SAFE_INTEGER)) return true;
  return db.get(IS_MEMBER, user.name) !== undefined;
}

/** See `ConversationStore.recount`. */
export function recount(store: StoreContext, cursor: string | null, repair: boolean, limit: number) {
  const names = store.db.all(USERS, cursor ?? '', limit).map(([name]) => name as string);
  const drift: DriftReport[] = [];
  let users = 0;
  for (const userId of names) {
    const user = store.users.obtain(userId);
    if (!isCounted(store, user)) continue;
    users++;
    drift.push(...recountUser(store, user, repair), ...recountGroups(store, userId, repair));
  }
  return { users, drift, cursor: names.length === limit ? (names.at(-1) ?? null) : null };
}

function recountUser(store: StoreContext, user: User, repair: boolean): DriftReport[] {
  const drift: DriftReport[] = [];
  const counts = countInbox(store, user);
  for (const entry of store.conversations.ofUser(user)) {
    const { conversation, unread: stored, trimmed } = entry;
    const recomputed = (counts.get(conversation.id) ?? 0) + trimmed;
    if (stored === recomputed) continue;
    drift.push({ userId: user.name, conversationId: conversation.name, count: 'unread', stored, recomputed });
    if (repair) setUnread(store, entry, user, recomputed);
  }
  return drift;
}
