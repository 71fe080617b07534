import { PEOPLE_LIMITS, type UserId } from '@chasqui/domain';
import { type CutOff, NO_CUT_OFF, type Revocation, type RevocationStore } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { lockPeople } from './person.ts';

/** Stands for all of a user's devices: no device has this id. */
const ALL = '';
type Row = [device: string, generation: number, issuedBefore: number, counter: number];
const OF_USER = 'SELECT device_id, generation, issued_before, counter FROM revocations WHERE user_id = ?';
const SAVE = `INSERT INTO revocations (user_id, device_id, issued_before, generation, counter) VALUES ?
  ON DUPLICATE KEY UPDATE issued_before = GREATEST(issued_before, VALUES(issued_before)),
    generation = GREATEST(generation, VALUES(generation)), counter = GREATEST(counter, VALUES(counter))`;
const FORGET = 'DELETE FROM revocations WHERE user_id = ? AND device_id IN (?)';
const CUT_OFFS = `SELECT user_id, device_id, generation, issued_before, counter FROM revocations
  WHERE (user_id, device_id) IN (?)`;
const TRIM = `DELETE FROM revocations WHERE issued_before < ? AND device_id <> '' ORDER BY issued_before LIMIT ?`;
const DISABLE = 'INSERT INTO disabled_users (user_id, at) VALUES (?, ?) ON DUPLICATE KEY UPDATE at = at';
const ENABLE = 'DELETE FROM disabled_users WHERE user_id = ?';
const DISABLED = 'SELECT user_id, at FROM disabled_users WHERE user_id IN (?)';

function revoke(database: Database, { userId, deviceId = ALL, issuedBefore }: Revocation): Promise<null> {
  return database.transaction<null>(async (transaction) => {
    const { answers } = await lockPeople(transaction, [userId], [{ sql: OF_USER, values: [userId] }]);
    const rows = (answers[0]?.rows ?? []) as Row[];
    const generation = 1 + (rows.find(([device]) => device === ALL)?.[3] ?? 0);
    const others = rows.filter(([device]) => device !== ALL && device !== deviceId).sort(latestFirst);
    const room = PEOPLE_LIMITS.maxRevocationsPerUser - (deviceId === ALL ? 0 : 1);
    const beyond = others.slice(room).map(([device]) => device);
    const saved = [
      [userId, ALL, 0, 0, generation],
      [userId, deviceId, issuedBefore, generation, 0],
    ];
    const save = { sql: SAVE, values: [saved] };
    return { result: null, writes: beyond.length === 0 ? [save] : [save, { sql: FORGET, values: [userId, beyond] }] };
  });
}

function latestFirst([, generationA, beforeA]: Row, [, generationB, beforeB]: Row): number {
  return generationB - generationA || beforeB - beforeA;
}

type Asked = { userId: UserId; deviceId: string };

async function cutOffs(database: Database, devices: readonly Asked[]): Promise<CutOff[]> {
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
  const found = new Map(
    rows.map((row) => {
      const [userId, deviceId, generation, issuedBefore, current] = row as [string, string, number, number, number];
      return [`${userId} ${deviceId}`, { generation, issuedBefore, current }];
    }),
  );
  const of = (userId: UserId, deviceId: string) => found.get(`${userId} ${deviceId}`) ?? NO_CUT_OFF;
  return devices.map(({ userId, deviceId }, index) => {
    const [all, own] = [of(userId, ALL), of(userId, deviceId)];
    return {
      disabled: disabled[index] !== null,
      current: all.current,
      generation: Math.max(all.generation, own.generation),
      issuedBefore: Math.max(all.issuedBefore, own.issuedBefore),
    };
  });
}

async function disabledAt(database: Database, userIds: readonly UserId[]): Promise<(number | null)[]> {
  if (userIds.length === 0) return [];
  const { rows } = await database.run({ sql: DISABLED, values: [[...new Set(userIds)]] });
  const found = new Map(rows as [string, number][]);
  return userIds.map((userId) => found.get(userId) ?? null);
}

/** Whether this call made the change: a retry after a lost answer recognises what it wrote. */
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
