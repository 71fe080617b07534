import type { StoreContext } from '../store-context.ts';
import { EntryType } from './inbox-row.ts';
import { sideOf } from './unread.ts';
import type { User } from './users.ts';

/** Users looked at in one call: it shares its thread with every other call. */
const MAX_USERS = 2_000;

/** Where the next call goes on, per store. */
const cursors = new WeakMap<StoreContext, number>();

/** Drops a user's oldest entries; those that are still unread stay counted. */
function trimUser(store: StoreContext, user: User, olderThan: number, limit: number): number {
  const rows = store.inboxes.page(user, user.floor, limit);
  const kept = rows.findIndex(({ at }) => at >= olderThan);
  const dropped = rows.slice(0, kept === -1 ? rows.length : kept);
  if (dropped.length === 0) return 0;
  store.inboxes.flush(user);
  for (const { type, conversation, ref } of dropped) {
    if (type !== EntryType.incoming || conversation === null) continue;
    const known = store.conversations.byId(conversation);
    const side = sideOf(known, user);
    if ((ref ?? '') <= known.read[side]) continue;
    known.trimmed[side]++;
    store.journal.changed(known);
  }
  user.floor += dropped.length;
  store.db.run('DELETE FROM inbox WHERE user = ? AND position <= ?', user.id, user.floor);
  store.db.run('UPDATE users SET floor = ? WHERE id = ?', user.floor, user.id);
  return dropped.length;
}

/** See `InboxStore.trim`. Goes round all users, call by call; nothing to trim anywhere is known after one whole round. */
export function trimInboxes(store: StoreContext, olderThan: number, limit: number): number {
  const start = cursors.get(store) ?? 0;
  const next = 'SELECT id FROM users WHERE id > ? ORDER BY id LIMIT ?';
  const ahead = store.db.all(next, start, MAX_USERS);
  const round = ahead.length < MAX_USERS ? [...ahead, ...store.db.all(next, 0, MAX_USERS - ahead.length)] : ahead;
  let dropped = 0;
  for (const [id] of round) {
    if (dropped >= limit) break;
    dropped += trimUser(store, store.users.byId(id as number), olderThan, limit - dropped);
    cursors.set(store, id as number);
  }
  return dropped;
}
