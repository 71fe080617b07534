import type { Position } from '../conversation/audience.ts';
import type { ConversationId, UserId } from '../conversation/conversation-id.ts';
import type { MessageId } from '../message-id.ts';

/** Highest first: each role may do what those after it may. */
export const ROLES = ['owner', 'admin', 'member'] as const;
export type Role = (typeof ROLES)[number];

/** Who may do something: everybody in the group, or its admins and owner. */
export const ALLOWED = ['all', 'admins'] as const;
export type Allowed = (typeof ALLOWED)[number];

export interface GroupSettings {
  /** Who may post. `admins` makes it a channel. */
  post: Allowed;
  /** Who may add members, and make links. */
  add: Allowed;
  /** Who may change name, description and picture. */
  change: Allowed;
  /** Who may mention all. */
  mentionAll: Allowed;
  /** Who may see the list of members, and who has read a message. */
  seeMembers: Allowed;
  /** What a newcomer may read: everything, or what was sent since they joined. */
  history: 'all' | 'since_join';
  /** Whether somebody with a link joins at once, or asks an admin for approval. */
  join: 'open' | 'approval';
  /** Maximum number of members; at most the server's limit. */
  maxMembers: number;
}

/** `maxMembers` is the server's limit. */
export function defaultSettings(maxMembers: number): GroupSettings {
  return {
    post: 'all',
    add: 'all',
    change: 'all',
    mentionAll: 'admins',
    seeMembers: 'all',
    history: 'all',
    join: 'open',
    maxMembers,
  };
}

/** What members see of a group, and may change of it. */
export interface GroupProfile {
  /** 1–64 characters on one line. */
  name: string;
  /** 0–500 characters. */
  description: string;
  /** The address or the key of a picture, as the application likes; empty: none. At most 500 characters. */
  picture: string;
}

export interface Group extends GroupProfile {
  conversationId: ConversationId;
  settings: GroupSettings;
  owner: UserId;
  createdAt: number;
  memberCount: number;
  /** Rises with every change of the group or of its members, and no more once it is dissolved. */
  version: number;
  /** Unix ms; 0: it exists. A dissolved group can still be read by those who were in it, or left, and nothing else. */
  dissolvedAt: number;
  /** The highest id among its messages; empty: it has none. Ids rise with positions. */
  lastMessageId: MessageId | '';
  /** Who sent the last message. */
  lastFrom: UserId | '';
  /** As in conversation entries. */
  preview: string;
  /**
   * Unix ms at which the last message or change was recorded, or was sent if that is later: a list of what was updated
   * since a time lacks nothing that waited on the bus.
   */
  updatedAt: number;
}

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

/** An invitation: whoever knows its id may join, or ask to. */
export interface GroupLink {
  conversationId: ConversationId;
  /** Secret; 22 characters of base64url, made by the server. */
  linkId: string;
  createdBy: UserId;
  createdAt: number;
  /** Unix ms; 0: never. */
  expiresAt: number;
  /** How many may still use it; null: any number. */
  usesLeft: number | null;
}

/** The maximum number of links of one group that have not ended. */
export const MAX_LINKS = 100;
/** How long links are kept at least after they expired, in ms: whoever joined by one may ask again. */
export const EXPIRED_LINK_KEPT_MS = 24 * 3600 * 1000;
/** A user who asked to join and waits for approval. */
export interface JoinRequest {
  conversationId: ConversationId;
  userId: UserId;
  at: number;
}

/** The maximum number of users who wait for approval by one group. */
export const MAX_REQUESTS = 1_000;
/** The maximum number of admins, besides the owner, who are told of a request. */
export const MAX_TOLD_ADMINS = 20;

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

/** Whether a member may do what is allowed to these. */
export function isAllowed(allowed: Allowed, role: Role): boolean {
  return allowed === 'all' || role !== 'member';
}
