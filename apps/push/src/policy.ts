import type { PushResult } from '@chasqui/domain';

/** The circumstances of one message and one device of its receiver. */
export interface PushCircumstances {
  /** Why nothing can be sent to the device; null: a provider can reach it. */
  unreachable: 'no_device' | 'no_provider' | null;
  /** The message is not in the store: this was a second copy. */
  gone: boolean;
  recalled: boolean;
  /** A device of the receiver has the message. */
  confirmed: boolean;
  /** The receiver blocks the sender, or did so when the message was sent, and so may not see it. */
  blocked: boolean;
  /** The receiver wants no notifications. */
  off: boolean;
  /** The receiver wants no notifications of this conversation now. */
  muted: boolean;
  quiet: boolean;
  /** The task is older than a notification may be. */
  stale: boolean;
  /** The receiver connected after the task was made and still has time to confirm. */
  returning: boolean;
}

export type PushDecision =
  | { type: 'send' }
  /** Decide again shortly. */
  | { type: 'wait' }
  | { type: 'end'; result: PushResult; reason: string };

/** The reasons not to send, in order of precedence. Most users have no device to notify: nothing more is read of them. */
const REASONS: readonly [keyof PushCircumstances, PushResult][] = [
  ['unreachable', 'not_needed'],
  ['gone', 'not_needed'],
  ['recalled', 'not_needed'],
  ['confirmed', 'not_needed'],
  ['blocked', 'not_needed'],
  ['off', 'not_needed'],
  ['muted', 'not_needed'],
  ['quiet', 'not_needed'],
  ['stale', 'given_up'],
];

/** Whether one device is notified of one message now. Pure: every combination is tested. */
export function decide(circumstances: PushCircumstances): PushDecision {
  for (const [name, result] of REASONS) {
    const holds = circumstances[name];
    if (holds) return { type: 'end', result, reason: typeof holds === 'string' ? holds : name };
  }
  return circumstances.returning ? { type: 'wait' } : { type: 'send' };
}
