import type { UnreadCounts } from '@chasqui/ports';
import type { StoreContext } from '../store-context.ts';
import type { Conversation, Side } from './conversations.ts';
import { EntryType } from './inbox-row.ts';
import type { User } from './users.ts';

export function sideOf(conversation: Conversation, user: User): Side {
  return conversation.users[0] === user.id ? 0 : 1;
}

/** The conversations of a user, in no order. One per call of the iterator is brought into memory. */
export function* conversationsOf({ db, conversations }: StoreContext, user: User): Iterable<Conversation> {
  for (const [id] of db.all('SELECT conversation FROM members WHERE user = ?', user.id)) {
    yield conversations.byId(id as number);
  }
}

/** Unread in all of the user's conversations; counted once, then kept up to date by whoever changes a count. */
export function totalUnread(store: StoreContext, user: User): number {
  if (user.total < 0) {
    user.total = 0;
    for (const conversation of conversationsOf(store, user))
      user.total += conversation.unread[sideOf(conversation, user)];
  }
  return user.total;
}

/** Overwrites one count, and the total with it. */
export function setUnread(
  store: StoreContext,
  conversation: Conversation,
  side: Side,
  user: User,
  count: number,
): void {
  const total = totalUnread(store, user);
  user.total = total + count - conversation.unread[side];
  conversation.unread[side] = count;
  store.journal.changed(conversation);
}

export function unreadCounts(store: StoreContext, userId: string): UnreadCounts {
  const counts: UnreadCounts = { userId, total: 0, byConversation: {}, position: 0 };
  const user = store.users.find(userId);
  if (user === undefined) return counts;
  counts.position = user.head;
  for (const conversation of conversationsOf(store, user)) {
    const count = conversation.unread[sideOf(conversation, user)];
    if (count === 0) continue;
    counts.byConversation[conversation.name] = count;
    counts.total += count;
  }
  return counts;
}

/**
 * What `InboxRow.previous` says: the place of the conversation's incoming entry before; negative where the message sorts
 * before one that was recorded earlier.
 */
export function placeBefore(position: number, isLate: boolean): number {
  return isLate && position > 0 ? -position : position;
}

/**
 * How many incoming messages of the conversation lie above `upTo`. Every incoming entry points at the one before, and one
 * that is not late sorts behind all before it: where such a one is read, so is the rest, and only what stays unread (and
 * what came late among it) is looked at. What is trimmed away counts as unread until something newer is read.
 */
export function countAbove(
  store: StoreContext,
  conversation: Conversation,
  side: Side,
  user: User,
  upTo: string,
): number {
  let count = 0;
  for (let position = conversation.incoming[side]; position > user.floor; ) {
    const entry = store.inboxes.entry(user, position);
    const isRead = entry?.type !== EntryType.incoming || (entry.ref ?? '') <= upTo;
    if (isRead && !(entry !== undefined && entry.previous < 0)) {
      conversation.trimmed[side] = 0;
      return count;
    }
    if (!isRead) count++;
    position = Math.abs(entry?.previous ?? 0);
  }
  return count + conversation.trimmed[side];
}
