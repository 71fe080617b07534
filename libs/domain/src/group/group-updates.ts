import type { ConversationId, UserId } from '../conversation/conversation-id.ts';
import type { GroupProfile, GroupSettings, Role } from './group.ts';

/** What happened in a group, for its log: everybody in it sees it there. */
export interface NoticeUpdate {
  type: 'notice';
  conversationId: ConversationId;
  notice: NoticeName;
  by: UserId;
  /** Those whom it concerns, at most `MAX_CHANGED_USERS`. */
  users?: UserId[];
  /** Only what changed: a new name, a new role … */
  values?: Partial<GroupProfile> & { settings?: Partial<GroupSettings>; role?: Role; until?: number };
  /** The group's version since then. */
  version: number;
  /** Unix ms. */
  at: number;
}

export const NOTICE_NAMES = [
  'created',
  'updated',
  'joined',
  'removed',
  'left',
  'role',
  'owner',
  'muted',
  'dissolved',
] as const;
export type NoticeName = (typeof NOTICE_NAMES)[number];

/** What became of the inbox's owner in a group. */
export interface MembershipUpdate {
  type: 'membership';
  conversationId: ConversationId;
  event: MembershipEvent;
  by: UserId;
  /** The owner's role since then; only if they are a member. */
  role?: Role;
  version: number;
  /** Unix ms. */
  at: number;
}

/**
 * `request`: somebody asks to join a group of which the owner is an admin. `unlisted`: the owner left a group that was
 * dissolved, so it is in no list of theirs any more.
 */
export const MEMBERSHIP_EVENTS = [
  'added',
  'removed',
  'role',
  'muted',
  'declined',
  'request',
  'dissolved',
  'unlisted',
] as const;
export type MembershipEvent = (typeof MEMBERSHIP_EVENTS)[number];
