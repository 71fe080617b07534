import type { Position } from '../conversation/audience.ts';
import type { UserId } from '../conversation/conversation-id.ts';
import type { Group } from './group.ts';
import type { ChangeOutcome } from './group-change.ts';
import type { GroupLink, JoinRequest } from './group-link.ts';
import type { MembershipUpdate, NoticeUpdate } from './group-updates.ts';
import type { Member } from './member.ts';

/** Server limits that a change of a group meets. */
export interface GroupBounds {
  maxGroupMembers: number;
  maxGroupsPerUser: number;
}

/** What a change needs to know of a group; see `concernedBy`. */
export interface ChangeState {
  /** Null: there is no such group. */
  group: Group | null;
  /** Of `users`: those who are or were in the group. */
  members: readonly Member[];
  /** For each of `newcomers`: of how many groups that are not dissolved they are a member; absent: of none. */
  groupsOf: ReadonlyMap<UserId, number>;
  /** Of `newcomers` and `users`: those who wait for approval. */
  requests: readonly JoinRequest[];
  /** The link with the id `linkId`, whatever group it is of, also if it has ended; null: there is none. */
  link: GroupLink | null;
  /** How many links of the group have not ended by the change's time. */
  linkCount: number;
  /** How many users wait for approval. */
  requestCount: number;
  /** If `admins`: the first of the group's admins by user id, at most `MAX_TOLD_ADMINS`, without the owner. */
  admins: readonly UserId[];
  /** The head of the group's log. */
  head: Position;
  /** Unix ms at which the change is applied: later than it was asked for. */
  now: number;
}

/** What a change makes of a group: everything that an adapter must write. */
export interface ChangeDecision {
  outcome: ChangeOutcome;
  /** The group's row; null: unchanged. */
  group: Group | null;
  /** The rows of members that changed. */
  members: readonly Member[];
  /** Of these, the ones who begin a stay: their read mark moves to the group's last message. */
  newcomers: readonly UserId[];
  /** Links that are new or changed. */
  links: readonly GroupLink[];
  /** The ids of links that end. */
  endedLinks: readonly string[];
  requests: readonly JoinRequest[];
  /** Users who do not wait any more. */
  endedRequests: readonly UserId[];
  /**
   * Appended to the group's log, at the head + 1. Null exactly if group and members are unchanged, or somebody left a group
   * that was dissolved: that concerns nobody else.
   */
  notice: NoticeUpdate | null;
  /** Appended to the inboxes of these users. */
  told: readonly { userId: UserId; update: MembershipUpdate }[];
}
