import type { Position } from '../conversation/audience.ts';
import type { UserId } from '../conversation/conversation-id.ts';
import { SYSTEM_USER } from '../conversation/system-user.ts';
import type { Mentions } from '../message.ts';
import { unedited } from '../message-action.ts';
import type { MessageContent } from '../message-content.ts';
import type { MessageId } from '../message-id.ts';
import type { Group } from './group.ts';
import { type Interval, isCurrent, type Member } from './member.ts';

/**
 * What of a group's log a user may see, in order (C20): everything up to their last day if the group shows its history
 * to newcomers, and did on that day, or else their stays. Empty: nothing.
 */
export function visibleIntervals(
  { settings }: Pick<Group, 'settings'>,
  member: Member | null | undefined,
): readonly Interval[] {
  if (member == null) return [];
  const { history } = member.lastSeen?.settings ?? settings;
  if (history === 'since_join' || settings.history === 'since_join') return member.intervals;
  const last = member.intervals.at(-1);
  return last === undefined ? [] : [{ ...last, after: 0, afterId: '' }];
}

export function maySeeMessage(
  group: Pick<Group, 'settings'>,
  member: Member | null | undefined,
  id: MessageId,
): boolean {
  return isIn(visibleIntervals(group, member), id);
}

/** Whether one of these intervals has the message. */
export function isIn(intervals: readonly Interval[], id: MessageId): boolean {
  return intervals.some(({ afterId, upToId }) => id > afterId && (upToId === undefined || id <= upToId));
}

/** How far the clocks of two nodes may be apart, ms: an edit of so much before somebody left counts as a later one. */
const CLOCKS_APART_MS = 1_000;

/** Whether what the message says was written after the user had left its group. */
export function isEditedSinceLeft(
  { leftAt }: Pick<Member, 'leftAt'>,
  { editedAt = 0 }: { editedAt?: number | undefined },
): boolean {
  return leftAt > 0 && editedAt > leftAt - CLOCKS_APART_MS;
}

/**
 * A message of their stays as a user sees it (C20): after they have left, without what later edits wrote. What it said
 * before is kept nowhere.
 */
export function messageAsSeenBy<M extends { content: MessageContent; mentions?: Mentions; editedAt?: number }>(
  member: Pick<Member, 'leftAt'>,
  message: M,
): M {
  if (!isEditedSinceLeft(member, message)) return message;
  const { mentions: _, ...others } = message;
  return { ...others, content: unedited(message.content) } as M;
}

/**
 * The group as a user may see it (C20): what is newer than their last stay, or older than their first where newcomers
 * do not see it, is not shown as its last message, and who has left sees the profile of then.
 */
export function groupAsSeenBy(group: Group, member: Member): Group {
  const { leftAt, intervals, lastSeen } = member;
  const seen = leftAt > 0 ? { ...group, ...lastSeen, updatedAt: leftAt, preview: '' } : group;
  if (maySeeMessage(group, member, group.lastMessageId)) return seen;
  return { ...seen, lastMessageId: intervals.at(-1)?.upToId ?? '', lastFrom: '', preview: '' };
}

/** The part of the log that a reader at a position may read next; null: nothing follows. */
export function nextVisible(
  intervals: readonly Interval[],
  after: Position,
): { after: Position; upTo?: Position } | null {
  for (const { after: start, upTo } of intervals) {
    if (upTo === undefined) return { after: Math.max(start, after) };
    if (after < upTo) return { after: Math.max(start, after), upTo };
  }
  return null;
}

/** Why the order of a group's log refuses a message (C18), and what its sender is told. */
export const POST_REFUSALS = {
  not_a_member: {
    code: 'not_a_member',
    field: 'conversationId',
    message: 'you are not a member of this group: ask one of its members to add you',
  },
  muted: {
    code: 'muted',
    field: 'conversationId',
    message: 'you may not write in this group for now: ask one of its admins',
  },
  not_allowed: {
    code: 'not_allowed',
    field: 'conversationId',
    message: 'only admins of this group may write in it: ask one of them',
  },
  mentions_all: {
    code: 'not_allowed',
    field: 'mentions',
    message: 'only admins of this group may mention all: name those whom you mean',
  },
} as const;
export type PostRefusal = keyof typeof POST_REFUSALS;

export const NO_SUCH_GROUP = {
  code: 'not_found',
  field: 'conversationId',
  message: 'there is no such group, or it was dissolved',
} as const;

/** What the sender of a refused message is told. The system needs no membership: to it, the group is not there. */
export function toldRefusal(reason: PostRefusal, from: UserId) {
  return reason === 'not_a_member' && from === SYSTEM_USER ? NO_SUCH_GROUP : POST_REFUSALS[reason];
}

/**
 * Whether a message may be appended to the group's log. Connect asks it of what it knows, storing of what is so. The
 * system may write to every group that exists.
 * `mentionsAll`: the message mentions all. `at`: Unix ms.
 */
export function postRefusal(
  group: Group | null,
  member: Member | null | undefined,
  { from, mentionsAll, at }: { from: UserId; mentionsAll: boolean; at: number },
): PostRefusal | null {
  if (group === null || group.dissolvedAt > 0) return 'not_a_member';
  if (from === SYSTEM_USER) return null;
  if (!isCurrent(member)) return 'not_a_member';
  if (member.mutedUntil > at) return 'muted';
  if (group.settings.post === 'admins' && member.role === 'member') return 'not_allowed';
  return mentionsAll && group.settings.mentionAll === 'admins' && member.role === 'member' ? 'mentions_all' : null;
}
