import { canonicalJson } from '../canonical-json.ts';
import { digestOf } from '../content-digest.ts';
import type { ConversationId, UserId } from '../conversation/conversation-id.ts';
import type { ErrorCode } from '../errors.ts';
import type { Group, GroupProfile, GroupSettings, Role } from './group.ts';

/** The maximum number of users whom one change may concern. */
export const MAX_CHANGED_USERS = 500;

/** Why a user is not added to a group: they block the asker, or their settings do not let the asker add them. */
export const SKIP_CODES = ['blocked', 'not_addable'] as const;

/** A user who is not added. */
export interface SkippedUser {
  userId: UserId;
  code: (typeof SKIP_CODES)[number];
}

/** What users want of those who add them. It is found when a change is first asked for, and does not tell changes apart. */
export interface AddingTerms {
  /** Those named who are not added. */
  leftOut?: readonly UserId[];
  /** Of these, the ones of whom the asker is told. */
  skipped?: readonly SkippedUser[];
  /** Those named who are no contacts of the asker: see `maxGroupsByStrangers`. */
  strangers?: readonly UserId[];
}

/** What can be done to a group, by its name, and what belongs to it. */
export interface ChangeDetails {
  /** `members`: besides the creator, who becomes the owner. */
  create: GroupProfile & { settings: Partial<GroupSettings>; members: readonly UserId[] } & AddingTerms;
  /** Name, description, picture by `settings.change`; settings by admins. Fields that are absent stay. */
  update: Partial<GroupProfile> & { settings?: Partial<GroupSettings> };
  add: { users: readonly UserId[] } & AddingTerms;
  remove: { users: readonly UserId[] };
  /** The owner must transfer the group before they leave. */
  leave: object;
  /** With a link: joins, or asks to join, by `settings.join`. */
  join: { linkId: string };
  /** Takes the requests of these users, or refuses them. */
  approve: { users: readonly UserId[] };
  decline: { users: readonly UserId[] };
  /** Makes admins of members and back, by the owner. */
  role: { userId: UserId; role: Exclude<Role, 'owner'> };
  /** The owner makes another member the owner, and becomes an admin. */
  transfer: { userId: UserId };
  /** `until`: Unix ms; 0: may post again. */
  mute: { userId: UserId; until: number };
  link: { linkId: string; expiresAt: number; uses: number | null };
  unlink: { linkId: string };
  dissolve: object;
}

export type ChangeName = keyof ChangeDetails;
export const CHANGE_NAMES = [
  'create',
  'update',
  'add',
  'remove',
  'leave',
  'join',
  'approve',
  'decline',
  'role',
  'transfer',
  'mute',
  'link',
  'unlink',
  'dissolve',
] as const satisfies readonly ChangeName[];

/** A change that somebody asked for. It is decided in the order of the group's log. */
export type GroupChange<Name extends ChangeName = ChangeName> = {
  [N in Name]: {
    change: N;
    conversationId: ConversationId;
    /** The asker's idempotency key: 1–64 characters, unique among the changes that they ask of this group. */
    changeId: string;
    by: UserId;
    /** Unix ms. */
    at: number;
    details: ChangeDetails[N];
  };
}[Name];

const TERMS = { leftOut: undefined, skipped: undefined, strangers: undefined } satisfies AddingTerms | object;

/**
 * Tells a repeat of a change from another change under the same `changeId`. The proposed id of a link does not count: a
 * repeat may propose another; nor do the terms of those who are added, which may have changed since.
 */
export function changeDigest({ change, details }: Pick<GroupChange, 'change' | 'details'>): string {
  const ignored = change === 'link' ? { linkId: undefined } : TERMS;
  return digestOf(canonicalJson([change, { ...details, ...ignored }]));
}

export interface ChangeRefusal {
  result: 'refused';
  code: ErrorCode;
  field: string;
  message: string;
}

/** How a change ended; kept, so that a repeat of it gets the same answer. */
export type ChangeOutcome =
  | {
      result: 'applied';
      /** The group as the change left it. */
      group: Group;
      /** Those whom it concerned: who joined, left, was asked for … Users whom it did not change are missing. */
      users: readonly UserId[];
      /** `create` and `add` only: those named who were not added, as far as the asker is told. */
      skipped?: readonly SkippedUser[];
      /** `join` only: the user now waits for approval. */
      isRequested?: boolean;
      /** `link` only: the link's id, also for a repeat that proposed another. */
      linkId?: string;
    }
  | ChangeRefusal
  /** The same asker and `changeId`, but another change. */
  | { result: 'conflict' };
