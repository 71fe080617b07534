import type { UnreadCounts } from '@chasqui/ports';
import type { StoreContext } from '../store-context.ts';
import type { Entry } from './entry.ts';
import { isIncoming } from './log-row.ts';
import type { User } from './users.ts';

/** Unread messages in all of the user's conversations; counted once, then updated with every change of a count. */
export function totalUnread(store: StoreContext, user: User): number {
  if (user.total < 0) {
    user.total = 0;
    for (const entry of store.conversations.ofUser(user)) user.total += entry.unread;
  }
  return user.total;
}

/** Overwrites one count, and adjusts the total. */
export function setUnread(store: StoreContext, entry: Entry, user: User, count: number): void {
  const total = totalUnread(store, user);
  user.total = total + count - entry.unread;
  entry.unread = count;
  store.journal.changed(entry);
}

export function unreadCounts(store: StoreContext, userId: string): UnreadCounts {
  const counts: UnreadCounts = { userId, total: 0, byConversation: {}, position: 0 };
  const user = store.users.find(userId);
  if (user === undefined) return counts;
  counts.position = user.head;
  for (const { conversation, unread } of store.conversations.ofUser(user)) {
    if (unread === 0) continue;
    counts.byConversation[conversation.name] = unread;
    counts.total += unread;
  }
  return counts;
}

/**
 * The value of `LogRow.previous`: the position of the conversation's previous incoming entry; negative where the
 * message sorts before one that was recorded earlier.
 */
export function placeBefore(position: number, isLate: boolean): number {
  return isLate && position > 0 ? -position : position;
}

/**
 * Counts the conversation's incoming messages above `upTo`. Every incoming entry points at the previous one, and an
 * entry that is not late sorts after all previous ones: if such an entry is read, so are all before it. So only unread
 * entries, and late ones among them, are examined. Trimmed entries count as unread until something newer is read.
 */
export function countAbove(store: StoreContext, entry: Entry, user: User, upTo: string): number {
  let count = 0;
  for (let position = entry.incoming; position > user.floor; ) {
    const row = store.logs.entry(user, position);
    const isRead = row === undefined || !isIncoming(row, user.id) || (row.ref ?? '') <= upTo;
    if (isRead && !(row !== undefined && row.previous < 0)) {
      entry.trimmed = 0;
      return count;
    }
    if (!isRead) count++;
    position = Math.abs(row?.previous ?? 0);
  }
  return count + entry.trimmed;
}
