import type { DriftReport } from '@chasqui/ports';
import { recountGroups } from '../groups/recount-groups.ts';
import type { StoreContext } from '../store-context.ts';
import { isIncoming } from './log-row.ts';
import { setUnread } from './unread.ts';
import type { User } from './users.ts';

/** Log entries read at a time. */
const CHUNK = 1_000;
const USERS = `SELECT name FROM users WHERE name > ? AND (
    EXISTS (SELECT 1 FROM entries WHERE user = users.id AND touched_at > 0)
    OR EXISTS (SELECT 1 FROM members WHERE name = users.name AND left_at = 0)
  ) ORDER BY name LIMIT ?`;

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

/** See `ConversationStore.recount`. */
export function recount(store: StoreContext, cursor: string | null, repair: boolean, limit: number) {
  const names = store.db.all(USERS, cursor ?? '', limit + 1).map(([name]) => name as string);
  const drift: DriftReport[] = [];
  for (const userId of names.slice(0, limit)) {
    const user = store.users.obtain(userId);
    const counts = countInbox(store, user);
    for (const entry of store.conversations.ofUser(user)) {
      const { conversation, unread: stored, trimmed } = entry;
      const recomputed = (counts.get(conversation.id) ?? 0) + trimmed;
      if (stored === recomputed) continue;
      drift.push({ userId, conversationId: conversation.name, count: 'unread', stored, recomputed });
      if (repair) setUnread(store, entry, user, recomputed);
    }
    drift.push(...recountGroups(store, userId, repair));
  }
  const users = Math.min(names.length, limit);
  return { users, drift, cursor: names.length > limit ? (names[limit - 1] ?? null) : null };
}
