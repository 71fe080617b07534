import { type Device, type DeviceSeen, PEOPLE_LIMITS, PUSH_PROVIDERS, type PushRegistration } from '@chasqui/domain';
import type { Database } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { OperationsOf } from './people-operations.ts';

const EMAIL = PUSH_PROVIDERS.indexOf('email');

function forget(db: Database, userId: string, deviceId: string): boolean {
  db.run('DELETE FROM registrations WHERE user = ? AND device = ?', userId, deviceId);
  return db.run('DELETE FROM installs WHERE user = ? AND device = ?', userId, deviceId) === 1;
}

function seen(db: Database, { userId, deviceId, platform, at }: DeviceSeen): void {
  const known = db.get('SELECT last_seen FROM installs WHERE user = ? AND device = ?', userId, deviceId);
  if (known !== undefined) {
    if (at <= (known[0] as number)) return;
    const update = 'UPDATE installs SET platform = ?, last_seen = ? WHERE user = ? AND device = ?';
    db.run(update, platform, at, userId, deviceId);
    return;
  }
  if (db.number('SELECT count(*) FROM installs WHERE user = ?', userId) >= PEOPLE_LIMITS.maxDevicesPerUser) {
    const oldest = db.get('SELECT device FROM installs WHERE user = ? ORDER BY last_seen LIMIT 1', userId);
    forget(db, userId, oldest?.[0] as string);
  }
  db.run('INSERT INTO installs VALUES (?, ?, ?, ?, ?)', userId, deviceId, platform, at, at);
}

function register(db: Database, device: Omit<DeviceSeen, 'at'>, registration: PushRegistration): void {
  const { token, app, language, at, unconfirmed } = registration;
  const provider = PUSH_PROVIDERS.indexOf(registration.provider);
  if (provider !== EMAIL) db.run('DELETE FROM registrations WHERE token = ? AND provider = ?', token, provider);
  seen(db, { ...device, at });
  const insert = 'INSERT OR REPLACE INTO registrations VALUES (?, ?, ?, ?, ?, ?, ?, ?)';
  db.run(insert, device.userId, device.deviceId, provider, token, app, language, at, unconfirmed ? 0 : 1);
}

function devicesOf(db: Database, userId: string): Device[] {
  const registrations = db.all(
    'SELECT device, provider, token, app, language, at, confirmed FROM registrations WHERE user = ? ORDER BY device, provider',
    userId,
  ) as [string, number, string, string, string, number, number][];
  const rows = db.all(
    'SELECT device, platform, first_seen, last_seen FROM installs WHERE user = ? ORDER BY last_seen DESC, device',
    userId,
  ) as [string, string, number, number][];
  return rows.map(([deviceId, platform, firstSeenAt, lastSeenAt]) => ({
    userId,
    deviceId,
    platform,
    firstSeenAt,
    lastSeenAt,
    registrations: registrations.flatMap(([device, place, token, app, language, at, confirmed]) => {
      const provider = PUSH_PROVIDERS[place];
      if (device !== deviceId || provider === undefined) return [];
      const isUnconfirmed = place === EMAIL && confirmed === 0;
      return [{ provider, token, app, language, at, ...(isUnconfirmed && { unconfirmed: true as const }) }];
    }),
  }));
}

export function deviceOperations(db: Database): Handlers<OperationsOf<'devices'>> {
  return {
    'devices.seen'(devices) {
      for (const device of devices) seen(db, device);
      return null;
    },
    'devices.register'([device, registration]) {
      register(db, device, registration);
      return null;
    },
    'devices.unregister'([{ userId, deviceId, provider }, token]) {
      const sql =
        'DELETE FROM registrations WHERE user = ? AND device = ? AND provider = ? AND token = ifnull(?, token)';
      return db.run(sql, userId, deviceId, PUSH_PROVIDERS.indexOf(provider), token) === 1;
    },
    'devices.list': (userIds) => userIds.map((userId) => devicesOf(db, userId)),
    'devices.forget': ([userId, deviceId]) => forget(db, userId, deviceId),
  };
}
