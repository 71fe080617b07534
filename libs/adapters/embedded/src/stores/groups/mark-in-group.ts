import { isCurrent, type LogUpdate, type ReadMark } from '@chasqui/domain';
import { totalUnread } from '../conversations/unread.ts';
import type { StoreContext } from '../store-context.ts';
import type { MarkReadReply } from '../store-operations.ts';
import { countsUpTo, unreadOf } from './counts.ts';
import { dropEditMentions } from './edit-mentions.ts';

/** Moves the mark of a member of a group: see `ConversationStore.markRead`. */
export function markReadInGroup(
  store: StoreContext,
  mark: ReadMark & { conversationId: string },
  now: number,
): MarkReadReply {
  const { userId, conversationId, at, node } = mark;
  const { users, groups, members, journal } = store;
  const state = groups.find(conversationId);
  const row = state && members.find(state.id, mark);
  const user = users.find(userId);
  const from = row?.read.upTo ?? '';
  const last = state?.group.lastMessageId ?? '';
  const isBeyond = mark.upTo > last;
  const upTo = isBeyond ? last : mark.upTo;
  const total = user === undefined ? 0 : totalUnread(store, user);
  const unmoved = { changed: false, from, upTo, count: 0, total, head: user?.head ?? 0 };
  if (state === undefined || user === undefined || row === undefined || !isCurrent(row.member)) return unmoved;
  const changed = upTo > from;
  if (changed) {
    row.read = { upTo, at, node, ...countsUpTo(store, state.id, row.user, upTo) };
    members.mark(state.id, mark, row.read);
    dropEditMentions(store.db, state.id, row.user, upTo);
    journal.append(user, JSON.stringify({ type: 'read', conversationId, upTo, at } satisfies LogUpdate), now);
  }
  return { ...unmoved, changed, count: unreadOf(store, state.id, row).unread, head: user.head };
}
