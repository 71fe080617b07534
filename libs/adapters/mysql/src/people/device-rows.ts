import { createHash } from 'node:crypto';
import { type Device, PUSH_PROVIDERS, type PushProvider, type PushRegistration, type UserId } from '@chasqui/domain';
import type { Answer, Statement } from '../engine/index.ts';

const LIST = `SELECT devices.user_id, devices.device_id, platform, first_seen, last_seen,
    provider, token, app, language, registrations.at, confirmed
  FROM devices LEFT JOIN registrations
    ON registrations.user_id = devices.user_id AND registrations.device_id = devices.device_id
  WHERE devices.user_id IN (?)`;

type RegistrationRow = [PushProvider | null, string, string, string, number, confirmed: number];

/** One statement, so that a device and its registrations belong to the same moment. */
export function selectDevices(userIds: readonly UserId[]): Statement {
  return { sql: LIST, values: [userIds] };
}

/** The devices of all the users, the most recently seen first. */
export function devicesOf(answer: Answer): Device[] {
  const devices = new Map<string, Device>();
  for (const row of answer.rows) {
    const [userId, deviceId, platform, firstSeenAt, lastSeenAt] = row as [string, string, string, number, number];
    const key = `${userId} ${deviceId}`;
    const device: Device = devices.get(key) ?? {
      userId,
      deviceId,
      platform,
      firstSeenAt,
      lastSeenAt,
      registrations: [],
    };
    devices.set(key, device);
    const [provider, token, app, language, at, confirmed] = row.slice(5) as RegistrationRow;
    if (provider === null) continue;
    const isUnconfirmed = provider === 'email' && confirmed === 0;
    device.registrations.push({ provider, token, app, language, at, ...(isUnconfirmed && { unconfirmed: true }) });
  }
  for (const { registrations } of devices.values()) registrations.sort((a, b) => placeOf(a) - placeOf(b));
  return [...devices.values()].sort((a, b) => b.lastSeenAt - a.lastSeenAt || (a.deviceId < b.deviceId ? -1 : 1));
}

function placeOf({ provider }: PushRegistration): number {
  return PUSH_PROVIDERS.indexOf(provider);
}

/** The unique key of a registration: a token belongs to one person. Null for addresses, which may be shared. */
export function tokenKey({ provider, token }: PushRegistration): string | null {
  return provider === 'email' ? null : `${provider} ${createHash('sha256').update(token).digest('hex')}`;
}
