import type { DevicePresence } from '@chasqui/domain';

/** Which of a user's other devices a log-in ends: none, those of the same platform, or all. */
export const KICK_POLICIES = ['none', 'platform', 'all'] as const;
export type KickPolicy = (typeof KICK_POLICIES)[number];

/**
 * The sessions to end when `arrival` logs in: those that the policy names, and of the rest the oldest beyond
 * `maxDevices`.
 */
export function sessionsToEnd(
  policy: KickPolicy,
  arrival: Pick<DevicePresence, 'platform'>,
  others: readonly DevicePresence[],
  maxDevices: number,
): DevicePresence[] {
  const isUnwanted = ({ platform }: DevicePresence) =>
    policy === 'all' || (policy === 'platform' && platform === arrival.platform);
  const rest = others.filter((other) => !isUnwanted(other)).toSorted((a, b) => a.since - b.since);
  return [...others.filter(isUnwanted), ...rest.slice(0, Math.max(0, rest.length + 1 - maxDevices))];
}
