import { PEOPLE_LIMITS, type UserId } from '@chasqui/domain';
import { EVERY_TOKEN, type Revocation, type RevocationStore } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { lockPeople } from './person.ts';

/** Stands for all of a user's devices: no device is called so. */
const ALL = '';
const OF_USER = 'SELECT device_id, issued_before FROM revocations WHERE user_id = ?';
const SAVE = `INSERT INTO revocations (user_id, device_id, issued_before) VALUES (?, ?, ?)
  ON DUPLICATE KEY UPDATE issued_before = GREATEST(issued_before, VALUES(issued_before))`;
const FORGET = 'DELETE FROM revocations WHERE user_id = ? AND device_id IN (?)';
const CUT_OFFS = `SELECT user_id, device_id, issued_before FROM revocations WHERE (user_id, device_id) IN (?)`;
const TRIM = 'DELETE FROM revocations WHERE issued_before < ? ORDER BY issued_before LIMIT ?';
const DISABLE = 'INSERT INTO disabled_users (user_id, at) VALUES (?, ?) ON DUPLICATE KEY UPDATE at = at';
const ENABLE = 'DELETE FROM disabled_users WHERE user_id = ?';
const DISABLED = 'SELECT user_id, at FROM disabled_users WHERE user_id IN (?)';

function revoke(database: Database, { userId, deviceId = ALL, issuedBefore }: Revocation): Promise<null> {
  return database.transaction<null>(async (transaction) => {
    const { answers } = await lockPeople(transaction, [userId], [{ sql: OF_USER, values: [userId] }]);
    const kept = new Map(answers[0]?.rows as [string, number][]);
    kept.set(deviceId, Math.max(kept.get(deviceId) ?? 0, issuedBefore));
    const single = [...kept].filter(([device]) => device !== ALL).sort(([, a], [, b]) => b - a);
    const beyond = single.slice(PEOPLE_LIMITS.maxRevocationsPerUser).map(([device]) => device);
    const save = { sql: SAVE, values: [userId, deviceId, issuedBefore] };
    return { result: null, writes: beyond.length === 0 ? [save] : [save, { sql: FORGET, values: [userId, beyond] }] };
  });
}

type Asked = { userId: UserId; deviceId: string };

async function cutOffs(database: Database, devices: readonly Asked[]): Promise<number[]> {
  if (devices.length === 0) return [];
  const keys = devices.flatMap(({ userId, deviceId }) => [
    [userId, ALL],
    [userId, deviceId],
  ]);
  const [{ rows }, disabled] = await Promise.all([
    database.run({ sql: CUT_OFFS, values: [keys] }),
    disabledAt(
      database,
      devices.map(({ userId }) => userId),
    ),
  ]);
  const found = new Map(rows.map(([userId, deviceId, before]) => [`${userId} ${deviceId}`, before as number]));
  const of = (userId: UserId, deviceId: string) => found.get(`${userId} ${deviceId}`) ?? 0;
  return devices.map(({ userId, deviceId }, index) =>
    disabled[index] === null ? Math.max(of(userId, ALL), of(userId, deviceId)) : EVERY_TOKEN,
  );
}

async function disabledAt(database: Database, userIds: readonly UserId[]): Promise<(number | null)[]> {
  if (userIds.length === 0) return [];
  const { rows } = await database.run({ sql: DISABLED, values: [[...new Set(userIds)]] });
  const found = new Map(rows as [string, number][]);
  return userIds.map((userId) => found.get(userId) ?? null);
}

/** Whether this call made the change: one whose answer was lost finds its own traces. */
function change(database: Database, userId: UserId, at: number | null): Promise<boolean> {
  return database.transaction<boolean>(async (transaction, earlier) => {
    const reads = [{ sql: DISABLED, values: [[userId]] }];
    const { answers } = await lockPeople(transaction, [userId], reads);
    const isDisabled = (answers[0]?.rows.length ?? 0) > 0;
    if (isDisabled === (at !== null)) return { result: earlier === true, writes: [] };
    const write = at === null ? { sql: ENABLE, values: [userId] } : { sql: DISABLE, values: [userId, at] };
    return { result: true, writes: [write] };
  });
}

export function createRevocationStore(database: Database): RevocationStore {
  return {
    async revoke(revocation) {
      await revoke(database, revocation);
    },
    disable: (userId, at) => change(database, userId, at),
    enable: (userId) => change(database, userId, null),
    disabled: (userIds) => disabledAt(database, userIds),
    cutOffs: (devices) => cutOffs(database, devices),
    trim: async (olderThan, limit) => (await database.run({ sql: TRIM, values: [olderThan, limit] })).affected,
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
