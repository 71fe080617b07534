import { PEOPLE_LIMITS } from '@chasqui/domain';
import type { Login, LoginStore, Refreshed } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { lockPeople } from './person.ts';

const BEGIN = `INSERT INTO logins (user_id, login_id, step, at) VALUES (?, ?, ?, ?)
  ON DUPLICATE KEY UPDATE login_id = VALUES(login_id)`;
const OF_USER = 'SELECT login_id FROM logins WHERE user_id = ? ORDER BY at DESC';
const FORGET = 'DELETE FROM logins WHERE user_id = ? AND login_id IN (?)';
const ONE = 'SELECT step, at FROM logins WHERE user_id = ? AND login_id = ?';
const STEP = 'UPDATE logins SET step = ?, at = ? WHERE user_id = ? AND login_id = ?';
const END_ALL = 'DELETE FROM logins WHERE user_id = ?';
const TRIM = 'DELETE FROM logins WHERE at < ? ORDER BY at LIMIT ?';

function begin(database: Database, { userId, loginId, step, at }: Login): Promise<null> {
  return database.transaction<null>(async (transaction) => {
    const { answers } = await lockPeople(transaction, [userId], [{ sql: OF_USER, values: [userId] }]);
    const others = (answers[0]?.rows ?? []).map(([id]) => id as string).filter((id) => id !== loginId);
    const beyond = others.slice(PEOPLE_LIMITS.maxLoginsPerUser - 1);
    const save = { sql: BEGIN, values: [userId, loginId, step, at] };
    return { result: null, writes: beyond.length === 0 ? [save] : [save, { sql: FORGET, values: [userId, beyond] }] };
  });
}

/** If an attempt's answer was lost, its step is stored: the retry finds the previous step, within the grace period. */
function refresh(database: Database, { userId, loginId, step, at }: Login, graceMs: number): Promise<Refreshed> {
  return database.transaction<Refreshed>(async (transaction, earlier) => {
    const { answers } = await lockPeople(transaction, [userId], [{ sql: ONE, values: [userId, loginId] }]);
    const [row] = answers[0]?.rows ?? [];
    if (row === undefined) return { result: earlier === 'reused' ? earlier : 'ended', writes: [] };
    const [current, since] = row as [number, number];
    if (step === current - 1 && at - since <= graceMs) return { result: current, writes: [] };
    if (step !== current) return { result: 'reused', writes: [{ sql: FORGET, values: [userId, [loginId]] }] };
    return { result: current + 1, writes: [{ sql: STEP, values: [current + 1, at, userId, loginId] }] };
  });
}

export function createLoginStore(database: Database): LoginStore {
  return {
    async begin(login) {
      await begin(database, login);
    },
    refresh: (login, graceMs) => refresh(database, login, graceMs),
    async endAll(userId) {
      await database.run({ sql: END_ALL, values: [userId] });
    },
    trim: async (olderThan, limit) => (await database.run({ sql: TRIM, values: [olderThan, limit] })).affected,
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
