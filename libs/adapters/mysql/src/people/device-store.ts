import { type DeviceSeen, PEOPLE_LIMITS, type PushRegistration, type UserId } from '@chasqui/domain';
import type { DeviceStore, RegistrationKey } from '@chasqui/ports';
import type { Answer, Database, Statement } from '../engine/index.ts';
import { devicesOf, selectDevices, tokenKey } from './device-rows.ts';
import { lockPeople } from './person.ts';

const SEEN = `SELECT user_id, device_id, platform, first_seen, last_seen FROM devices WHERE user_id IN (?)`;
const SAVE = `INSERT INTO devices (user_id, device_id, platform, first_seen, last_seen) VALUES ?
  ON DUPLICATE KEY UPDATE platform = VALUES(platform), last_seen = VALUES(last_seen)`;
const FORGET = ['registrations', 'devices'].map((table) => `DELETE FROM ${table} WHERE (user_id, device_id) IN (?)`);
const ONE = 'FROM registrations WHERE user_id = ? AND device_id = ? AND provider = ?';
const REGISTER = `INSERT INTO registrations (user_id, device_id, provider, token, token_key, app, language, at, confirmed)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

interface Row {
  userId: UserId;
  deviceId: string;
  platform: string;
  firstSeen: number;
  lastSeen: number;
}

/** The devices of some users, and the changes to them. */
class DeviceChanges {
  readonly #users = new Map<UserId, Map<string, Row>>();
  readonly #changed = new Set<Row>();
  readonly #gone = new Map<string, Row>();

  constructor(answer: Answer | undefined) {
    for (const one of answer?.rows ?? []) {
      const [userId, deviceId, platform, firstSeen, lastSeen] = one as [string, string, string, number, number];
      this.#of(userId).set(deviceId, { userId, deviceId, platform, firstSeen, lastSeen });
    }
  }

  see({ userId, deviceId, platform, at }: DeviceSeen): void {
    const devices = this.#of(userId);
    const known = devices.get(deviceId);
    if (known === undefined) {
      this.#makeRoom(devices);
      const row = { userId, deviceId, platform, firstSeen: at, lastSeen: at };
      devices.set(deviceId, row);
      this.#changed.add(row);
    } else if (at > known.lastSeen) {
      Object.assign(known, { platform, lastSeen: at });
      this.#changed.add(known);
    }
  }

  /** A removed device may have been added again: removals are written first. */
  writes(): Statement[] {
    const gone = [...this.#gone.values()];
    return [...forgetting(gone), ...(this.#changed.size === 0 ? [] : [this.#save()])];
  }

  #of(userId: UserId): Map<string, Row> {
    const devices = this.#users.get(userId) ?? new Map<string, Row>();
    this.#users.set(userId, devices);
    return devices;
  }

  #makeRoom(devices: Map<string, Row>): void {
    if (devices.size < PEOPLE_LIMITS.maxDevicesPerUser) return;
    const oldest = [...devices.values()].reduce((a, b) => (b.lastSeen < a.lastSeen ? b : a));
    devices.delete(oldest.deviceId);
    this.#changed.delete(oldest);
    this.#gone.set(`${oldest.userId} ${oldest.deviceId}`, oldest);
  }

  #save(): Statement {
    const rows = [...this.#changed].map((row) => [row.userId, row.deviceId, row.platform, row.firstSeen, row.lastSeen]);
    return { sql: SAVE, values: [rows] };
  }
}

function forgetting(devices: readonly Pick<Row, 'userId' | 'deviceId'>[]): Statement[] {
  if (devices.length === 0) return [];
  const keys = devices.map(({ userId, deviceId }) => [userId, deviceId]);
  return FORGET.map((sql) => ({ sql, values: [keys] }));
}

/** Records devices; the statements in `more` are written with them. */
function see(database: Database, devices: readonly DeviceSeen[], more: readonly Statement[] = []): Promise<null> {
  const users = [...new Set(devices.map(({ userId }) => userId))];
  return database.transaction<null>(async (transaction) => {
    const { answers } = await lockPeople(transaction, users, [{ sql: SEEN, values: [users] }]);
    const changes = new DeviceChanges(answers[0]);
    for (const device of devices) changes.see(device);
    return { result: null, writes: [...changes.writes(), ...more] };
  });
}

/** If two users register one token at once, the second finds it taken when it writes, and retries to take it over. */
async function register(
  database: Database,
  device: Omit<DeviceSeen, 'at'>,
  registration: PushRegistration,
): Promise<void> {
  const { userId, deviceId } = device;
  const { provider, token, app, language, at, unconfirmed } = registration;
  const key = tokenKey(registration);
  await see(
    database,
    [{ ...device, at }],
    [
      ...(key === null ? [] : [{ sql: 'DELETE FROM registrations WHERE token_key = ?', values: [key] }]),
      { sql: `DELETE ${ONE}`, values: [userId, deviceId, provider] },
      { sql: REGISTER, values: [userId, deviceId, provider, token, key, app, language, at, unconfirmed ? 0 : 1] },
    ],
  );
}

function unregister(
  database: Database,
  { userId, deviceId, provider }: RegistrationKey,
  token?: string,
): Promise<boolean> {
  const values = [userId, deviceId, provider];
  return database.transaction<boolean>(async (transaction, earlier) => {
    const [found] = await transaction.query([{ sql: `SELECT token ${ONE} FOR UPDATE`, values }]);
    const kept = found?.rows[0]?.[0];
    if (kept === undefined) return { result: earlier === true, writes: [] };
    if (token !== undefined && kept !== token) return { result: false, writes: [] };
    return { result: true, writes: [{ sql: `DELETE ${ONE}`, values }] };
  });
}

function forget(database: Database, userId: UserId, deviceId: string): Promise<boolean> {
  return database.transaction<boolean>(async (transaction, earlier) => {
    const { answers } = await lockPeople(
      transaction,
      [userId],
      [{ sql: 'SELECT 1 FROM devices WHERE user_id = ? AND device_id = ?', values: [userId, deviceId] }],
    );
    if (answers[0]?.rows.length === 0) return { result: earlier === true, writes: [] };
    return { result: true, writes: forgetting([{ userId, deviceId }]) };
  });
}

export function createDeviceStore(database: Database): DeviceStore {
  return {
    async seen(devices) {
      if (devices.length > 0) await see(database, devices);
    },
    register: (device, registration) => register(database, device, registration),
    unregister: (key, token) => unregister(database, key, token),
    async list(userIds) {
      if (userIds.length === 0) return [];
      const devices = devicesOf(await database.run(selectDevices(userIds)));
      return userIds.map((userId) => devices.filter((device) => device.userId === userId));
    },
    forget: (userId, deviceId) => forget(database, userId, deviceId),
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
