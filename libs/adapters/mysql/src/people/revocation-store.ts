import { PEOPLE_LIMITS, type UserId } from '@chasqui/domain';
import type { Revocation, RevocationStore } from '@chasqui/ports';
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
  const { rows } = await database.run({ sql: CUT_OFFS, values: [keys] });
  const found = new Map(rows.map(([userId, deviceId, before]) => [`${userId} ${deviceId}`, before as number]));
  const of = (userId: UserId, deviceId: string) => found.get(`${userId} ${deviceId}`) ?? 0;
  return devices.map(({ userId, deviceId }) => Math.max(of(userId, ALL), of(userId, deviceId)));
}

export function createRevocationStore(database: Database): RevocationStore {
  return {
    async revoke(revocation) {
      await revoke(database, revocation);
    },
    cutOffs: (devices) => cutOffs(database, devices),
    trim: async (olderThan, limit) => (await database.run({ sql: TRIM, values: [olderThan, limit] })).affected,
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
