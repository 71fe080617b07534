import type { Position } from '../conversation/audience.ts';
import type { ConversationId, UserId } from '../conversation/conversation-id.ts';
import type { MessageId } from '../message-id.ts';
import type { Group, Role } from './group.ts';

/**
 * A stay in a group: what its log had from `after` (excluded) to `upTo` (included), by position and by message id.
 * Without an end: the user is a member.
 */
export interface Interval {
  after: Position;
  afterId: MessageId | '';
  upTo?: Position;
  upToId?: MessageId | '';
}

/** The maximum number of stays that are remembered of one member; beyond it, the oldest is forgotten. See `mustAskToJoin`. */
export const MAX_INTERVALS = 20;

/** A user who is or was in a group. */
export interface Member {
  conversationId: ConversationId;
  userId: UserId;
  role: Role;
  /** Unix ms of the last join. */
  joinedAt: number;
  /** Unix ms until which the member may not post; 0: may. */
  mutedUntil: number;
  /** In order of time, at least one; the last has no end if the user is a member. */
  intervals: readonly Interval[];
  /** Unix ms at which the last stay ended; 0: the user is a member. */
  leftAt: number;
  /** An admin ended the last stay: with a link, the user may only ask to join. */
  wasRemoved: boolean;
  /** What the group was when the last stay ended; absent: the user is a member. */
  lastSeen?: PastGroup;
}

/** What those who have left see of a group: no later change of it. */
export type PastGroup = Pick<Group, 'name' | 'description' | 'picture' | 'settings' | 'memberCount' | 'version'>;

export type MemberKey = Pick<Member, 'conversationId' | 'userId'>;

export function isCurrent(member: Member | null | undefined): member is Member {
  return member != null && member.intervals.at(-1)?.upTo === undefined;
}

/**
 * Whether somebody with a link only asks to join: where admins decide, after a removal, and after as many stays as are
 * remembered, so that nobody fills the group's log by coming and going.
 */
export function mustAskToJoin({ settings }: Pick<Group, 'settings'>, member: Member | null | undefined): boolean {
  if (settings.join === 'approval') return true;
  return member != null && (member.wasRemoved || member.intervals.length >= MAX_INTERVALS);
}

/**
 * Whether the group is in the lists of somebody who is or was in it: to leave a group that was dissolved is to remove it
 * from one's lists.
 */
export function isListed({ dissolvedAt }: Pick<Group, 'dissolvedAt'>, { leftAt }: Pick<Member, 'leftAt'>): boolean {
  return dissolvedAt === 0 || leftAt <= dissolvedAt;
}
