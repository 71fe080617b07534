import type { UserId } from './conversation/conversation-id.ts';

/** The services that carry notifications. */
export const PUSH_PROVIDERS = ['apns', 'fcm', 'webpush', 'email'] as const;
export type PushProvider = (typeof PUSH_PROVIDERS)[number];

/** How one provider reaches a device. A device has at most one registration with each provider. */
export interface PushRegistration {
  provider: PushProvider;
  /**
   * 1–4096 characters. APNs, FCM: the device token. Web Push: the subscription as JSON (endpoint, keys). E-mail: the
   * address.
   */
  token: string;
  /**
   * The application that the token belongs to, at most 128 characters: the APNs topic (bundle id). Empty: the
   * configured one.
   */
  app: string;
  /** BCP 47, at most 35 characters. Empty: the language of the user's profile. */
  language: string;
  /** Unix ms of the registration. */
  at: number;
  /** E-mail only: the address is not yet verified to be the user's. Only verification codes are sent to it. */
  unconfirmed?: true;
}

/** One device of a user, at the time of its latest connection. */
export interface DeviceSeen {
  userId: UserId;
  deviceId: string;
  /** `web`, `ios`, `android` …: 1–32 characters. */
  platform: string;
  /** Unix ms. */
  at: number;
}

export interface Device {
  userId: UserId;
  deviceId: string;
  platform: string;
  /** Unix ms. */
  firstSeenAt: number;
  lastSeenAt: number;
  /** In the order of `PUSH_PROVIDERS`. */
  registrations: PushRegistration[];
}
