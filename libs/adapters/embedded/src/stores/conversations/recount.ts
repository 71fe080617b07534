import type { DriftReport } from '@chasqui/ports';
import type { StoreContext } from '../store-context.ts';
import { EntryType } from './inbox-row.ts';
import { conversationsOf, setUnread, sideOf } from './unread.ts';
import type { User } from './users.ts';

/** Inbox entries read at a time. */
const CHUNK = 1_000;
const USERS = `SELECT name FROM users WHERE name > ? AND EXISTS
  (SELECT 1 FROM members WHERE user = users.id AND touched_at > 0) ORDER BY name LIMIT ?`;

/** Unread messages by conversation, counted from the inbox alone. */
function countInbox(store: StoreContext, user: User): Map<number, number> {
  const counts = new Map<number, number>();
  for (let after = user.floor; after < user.head; after += CHUNK) {
    for (const { type, conversation, ref } of store.inboxes.page(user, after, CHUNK)) {
      if (type !== EntryType.incoming || conversation === null) continue;
      const known = store.conversations.byId(conversation);
      if ((ref ?? '') <= known.read[sideOf(known, user)]) continue;
      counts.set(conversation, (counts.get(conversation) ?? 0) + 1);
    }
  }
  return counts;
}

/** See `SessionStore.recount`. */
export function recount(store: StoreContext, cursor: string | null, repair: boolean, limit: number) {
  const names = store.db.all(USERS, cursor ?? '', limit + 1).map(([name]) => name as string);
  const drift: DriftReport[] = [];
  for (const userId of names.slice(0, limit)) {
    const user = store.users.obtain(userId);
    const counts = countInbox(store, user);
    for (const conversation of conversationsOf(store, user)) {
      const side = sideOf(conversation, user);
      const stored = conversation.unread[side];
      const recomputed = (counts.get(conversation.id) ?? 0) + conversation.trimmed[side];
      if (stored === recomputed) continue;
      drift.push({ userId, conversationId: conversation.name, stored, recomputed });
      if (repair) setUnread(store, conversation, side, user, recomputed);
    }
  }
  const users = Math.min(names.length, limit);
  return { users, drift, cursor: names.length > limit ? (names[limit - 1] ?? null) : null };
}
