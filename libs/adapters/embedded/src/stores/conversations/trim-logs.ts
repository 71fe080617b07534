import type { StoreContext } from '../store-context.ts';
import { isIncoming } from './log-row.ts';
import type { User } from './users.ts';

/** The maximum of users examined in one call: it shares its thread with every other call. */
const MAX_USERS = 2_000;

/** Where the next call continues, per store. */
const cursors = new WeakMap<StoreContext, number>();

/** Removes a user's oldest entries, at most `limit`, that are older than `olderThan`; unread ones stay counted. */
export function trimLog(store: StoreContext, user: User, olderThan: number, limit: number): number {
  const rows = store.logs.page(user, user.floor, limit);
  const kept = rows.findIndex(({ at }) => at >= olderThan);
  const dropped = rows.slice(0, kept === -1 ? rows.length : kept);
  if (dropped.length === 0) return 0;
  for (const row of dropped) {
    if (row.conversation === null || !isIncoming(row, user.id)) continue;
    const entry = store.conversations.entry(store.conversations.byId(row.conversation), user);
    if (entry === undefined || (row.ref ?? '') <= entry.readId) continue;
    entry.trimmed++;
    store.journal.changed(entry);
  }
  user.floor += dropped.length;
  store.db.run('UPDATE users SET floor = ? WHERE id = ?', user.floor, user.id);
  return dropped.length;
}

/**
 * See `UpdateLog.trim`. Cycles through all users over many calls; only a whole cycle shows that nothing is left to
 * trim.
 */
export function trimLogs(store: StoreContext, olderThan: number, limit: number): number {
  const start = cursors.get(store) ?? 0;
  const next = 'SELECT id FROM users WHERE id > ? ORDER BY id LIMIT ?';
  const ahead = store.db.all(next, start, MAX_USERS);
  const round = ahead.length < MAX_USERS ? [...ahead, ...store.db.all(next, 0, MAX_USERS - ahead.length)] : ahead;
  let dropped = 0;
  for (const [id] of round) {
    if (dropped >= limit) break;
    dropped += trimLog(store, store.users.byId(id as number), olderThan, limit - dropped);
    cursors.set(store, id as number);
  }
  return dropped;
}
