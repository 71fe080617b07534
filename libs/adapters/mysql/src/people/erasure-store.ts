import type { Erasure } from '@chasqui/domain';
import type { ErasureStore } from '@chasqui/ports';
import type { Database, Row } from '../engine/index.ts';

const COLUMNS = 'user_id, erases_messages, asked_by, requested_at, done_at';
const BEGIN = `INSERT INTO erasures (${COLUMNS}, held_until) VALUES (?, ?, ?, ?, 0, 0)
  ON DUPLICATE KEY UPDATE erases_messages = GREATEST(erases_messages, VALUES(erases_messages)),
    asked_by = VALUES(asked_by), requested_at = VALUES(requested_at), done_at = 0`;
const GET = `SELECT ${COLUMNS} FROM erasures WHERE user_id IN (?)`;
const PAGE = `SELECT ${COLUMNS} FROM erasures WHERE user_id > ? ORDER BY user_id LIMIT ?`;
const FIRST = `SELECT ${COLUMNS} FROM erasures WHERE done_at = 0 AND held_until <= ?
  ORDER BY requested_at LIMIT 1 FOR UPDATE`;
const HOLD = 'UPDATE erasures SET held_until = ? WHERE user_id = ?';
const SAME = 'SELECT 1 FROM erasures WHERE user_id = ? AND requested_at = ? AND erases_messages = ? FOR UPDATE';
const FINISH = 'UPDATE erasures SET done_at = ? WHERE user_id = ?';

function erasureOf([userId, erasesMessages, askedBy, requestedAt, doneAt]: Row): Erasure {
  return { userId, erasesMessages: erasesMessages === 1, askedBy, requestedAt, doneAt } as Erasure;
}

export function createErasureStore(database: Database): ErasureStore {
  const get = async (userIds: readonly string[]): Promise<(Erasure | null)[]> => {
    if (userIds.length === 0) return [];
    const { rows } = await database.run({ sql: GET, values: [userIds] });
    const found = new Map(rows.map((row) => [row[0] as string, erasureOf(row)]));
    return userIds.map((userId) => found.get(userId) ?? null);
  };
  return {
    async begin({ userId, erasesMessages, askedBy, requestedAt }) {
      await database.run({ sql: BEGIN, values: [userId, Number(erasesMessages), askedBy, requestedAt] });
      const [erasure] = await get([userId]);
      return erasure as Erasure;
    },
    get,
    page: async (after, limit) => (await database.run({ sql: PAGE, values: [after, limit] })).rows.map(erasureOf),
    /** If an attempt's answer was lost, what it took is held already, and is not found again. */
    take: (now, until) =>
      database.transaction<Erasure | null>(async (transaction, earlier) => {
        const [answer] = await transaction.query([{ sql: FIRST, values: [now] }]);
        const [row] = answer?.rows ?? [];
        if (row === undefined) return { result: earlier ?? null, writes: [] };
        const erasure = erasureOf(row);
        return { result: erasure, writes: [{ sql: HOLD, values: [until, erasure.userId] }] };
      }),
    async hold(userId, until) {
      await database.run({ sql: HOLD, values: [until, userId] });
    },
    finish: ({ userId, erasesMessages, requestedAt }, at) =>
      database.transaction<boolean>(async (transaction) => {
        const [same] = await transaction.query([{ sql: SAME, values: [userId, requestedAt, Number(erasesMessages)] }]);
        if (same?.rows.length !== 1) return { result: false, writes: [] };
        return { result: true, writes: [{ sql: FINISH, values: [at, userId] }] };
      }),
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
