import type { UserId } from './conversation.ts';

/** Daily times in which no notification is shown; `to` before `from` crosses midnight, equal ones are the whole day. */
export interface QuietHours {
  /** `HH:MM`, 00:00 to 23:59. */
  from: string;
  to: string;
  /** IANA, for example `Asia/Shanghai`. */
  timeZone: string;
}

export interface NotificationSettings {
  enabled: boolean;
  /** Whether a notification may show what was written; else only who wrote. */
  showText: boolean;
  quietHours: QuietHours | null;
}

/** Who may see something of a user. */
export const VISIBILITIES = ['everyone', 'contacts', 'nobody'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

export interface PrivacySettings {
  /** Whether the user is online now. */
  presence: Visibility;
  lastSeen: Visibility;
  /** Whether searches find the user. */
  discoverable: boolean;
}

/** What a user says of themselves, and how they want to be told and seen. */
export interface Profile {
  userId: UserId;
  /** 1–64 characters. */
  displayName: string;
  /** An address of a picture, at most 2048 characters; empty: none. */
  avatar: string;
  /** BCP 47, at most 35 characters; empty: not said. */
  locale: string;
  notifications: NotificationSettings;
  privacy: PrivacySettings;
  /** 1 for the first that was kept, and one more for each after it. */
  version: number;
  /** Unix ms. */
  updatedAt: number;
}

/** What a user who has never said anything is taken for; `version` 0 is kept nowhere. */
export function initialProfile(userId: UserId, displayName: string = userId): Profile {
  return {
    userId,
    displayName,
    avatar: '',
    locale: '',
    notifications: { enabled: true, showText: false, quietHours: null },
    privacy: { presence: 'everyone', lastSeen: 'contacts', discoverable: true },
    version: 0,
    updatedAt: 0,
  };
}
