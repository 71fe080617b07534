import type { UserId } from './conversation/conversation-id.ts';
import type { PushProvider } from './device.ts';

/**
 * How a push task ended for one device (C17). `accepted`: the provider took it. `refused`: it never will (the token was
 * dead, or the request). `given_up`: it did not within the retries. `not_needed`: nobody had to be told (the device came
 * back and confirmed, quiet hours, notifications are off, nothing to send through).
 */
export const PUSH_RESULTS = ['accepted', 'refused', 'given_up', 'not_needed'] as const;
export type PushResult = (typeof PUSH_RESULTS)[number];

export interface PushOutcome {
  /** What there was to tell: a message id, or a notification's own id of at most 64 characters. */
  subjectId: string;
  userId: UserId;
  /** Empty: the user had no device to tell. */
  deviceId: string;
  result: PushResult;
  /** Null: none was asked. */
  provider: PushProvider | null;
  /** Our word or the provider's own for it, at most 128 characters, for example `collapsed` or `Unregistered`. */
  reason: string;
  /** Requests to the provider. */
  attempts: number;
  /** Unix ms. */
  at: number;
  /** The process that recorded it. */
  node: string;
}
