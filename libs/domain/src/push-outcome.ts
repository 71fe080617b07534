import type { UserId } from './conversation/conversation-id.ts';
import type { PushProvider } from './device.ts';

/**
 * How a push task ended for one device (C17). `accepted`: the provider took it. `refused`: the provider will never take
 * it (dead token or invalid request). `given_up`: the retries ended without success. `not_needed`: no notification was
 * required (the device reconnected and confirmed, quiet hours, notifications are off, or no registration).
 */
export const PUSH_RESULTS = ['accepted', 'refused', 'given_up', 'not_needed'] as const;
export type PushResult = (typeof PUSH_RESULTS)[number];

export interface PushOutcome {
  /** The subject of the notification: a message id, or the notification's own id of at most 64 characters. */
  subjectId: string;
  userId: UserId;
  /** Empty: the user had no device to notify. */
  deviceId: string;
  result: PushResult;
  /** Null: no provider was called. */
  provider: PushProvider | null;
  /** The reason in our or the provider's word, at most 128 characters, for example `collapsed` or `Unregistered`. */
  reason: string;
  /** Number of requests to the provider. */
  attempts: number;
  /** Unix ms. */
  at: number;
  /** The process that recorded it. */
  node: string;
}
