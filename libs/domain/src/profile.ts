import type { UserId } from './conversation/conversation-id.ts';

/**
 * Daily period without notifications; if `to` is before `from`, it crosses midnight; if they are equal, it is the whole
 * day.
 */
export interface QuietHours {
  /** `HH:MM`, 00:00 to 23:59. */
  from: string;
  to: string;
  /** IANA, for example `Asia/Shanghai`. */
  timeZone: string;
}

export interface NotificationSettings {
  enabled: boolean;
  /** Whether a notification may show the text of a message; otherwise only its sender. */
  showText: boolean;
  quietHours: QuietHours | null;
}

/** Who may see an item of a user's data. */
export const VISIBILITIES = ['everyone', 'contacts', 'nobody'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

export interface PrivacySettings {
  /** Whether the user is online now. */
  presence: Visibility;
  lastSeen: Visibility;
  /** Who may add the user to groups, without asking. Absent in profiles of before: everyone. */
  groups?: Visibility;
  /** Whether searches find the user. */
  discoverable: boolean;
}

/** A user's public data, and their notification and privacy settings. */
export interface Profile {
  userId: UserId;
  /** 1–64 characters. */
  displayName: string;
  /** URL of a picture, at most 2048 characters; empty: none. */
  avatar: string;
  /** BCP 47, at most 35 characters; empty: not given. */
  locale: string;
  notifications: NotificationSettings;
  privacy: PrivacySettings;
  /** A program, which the server API marks so. Absent: a person. */
  bot?: true;
  /** 1 for the first version stored; each change adds one. */
  version: number;
  /** Unix ms. */
  updatedAt: number;
}

/** The profile of a user who has never set one; `version` 0 is never stored. */
export function initialProfile(userId: UserId, displayName: string = userId): Profile {
  return {
    userId,
    displayName,
    avatar: '',
    locale: '',
    notifications: { enabled: true, showText: false, quietHours: null },
    privacy: { presence: 'everyone', lastSeen: 'contacts', groups: 'everyone', discoverable: true },
    version: 0,
    updatedAt: 0,
  };
}
