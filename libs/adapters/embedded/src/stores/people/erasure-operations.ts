import type { Erasure } from '@chasqui/domain';
import type { Database, Row } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { OperationsOf } from './people-operations.ts';

const COLUMNS = 'user, erases_messages, asked_by, requested_at, done_at';
const BEGIN = `INSERT INTO erasures (${COLUMNS}, held_until) VALUES (?, ?, ?, ?, 0, 0)
  ON CONFLICT (user) DO UPDATE SET erases_messages = max(erases_messages, excluded.erases_messages),
    asked_by = excluded.asked_by, requested_at = excluded.requested_at, done_at = 0`;
const GET = `SELECT ${COLUMNS} FROM erasures WHERE user = ?`;
const PAGE = `SELECT ${COLUMNS} FROM erasures WHERE user > ? ORDER BY user LIMIT ?`;
const FIRST = `SELECT ${COLUMNS} FROM erasures WHERE done_at = 0 AND held_until <= ? ORDER BY requested_at LIMIT 1`;
const HOLD = 'UPDATE erasures SET held_until = ? WHERE user = ?';
const FINISH = 'UPDATE erasures SET done_at = ? WHERE user = ? AND requested_at = ? AND erases_messages = ?';

function erasureOf([userId, erasesMessages, askedBy, requestedAt, doneAt]: Row): Erasure {
  return { userId, erasesMessages: erasesMessages === 1, askedBy, requestedAt, doneAt } as Erasure;
}

export function erasureOperations(db: Database): Handlers<OperationsOf<'erasures'>> {
  const get = (userId: string) => {
    const row = db.get(GET, userId);
    return row === undefined ? null : erasureOf(row);
  };
  return {
    'erasures.begin'({ userId, erasesMessages, askedBy, requestedAt }) {
      db.run(BEGIN, userId, Number(erasesMessages), askedBy, requestedAt);
      return get(userId) as Erasure;
    },
    'erasures.get': (userIds) => userIds.map(get),
    'erasures.page': ([after, limit]) => db.all(PAGE, after, limit).map(erasureOf),
    'erasures.take'([now, until]) {
      const row = db.get(FIRST, now);
      if (row === undefined) return null;
      const erasure = erasureOf(row);
      db.run(HOLD, until, erasure.userId);
      return erasure;
    },
    'erasures.hold'([userId, until]) {
      db.run(HOLD, until, userId);
      return null;
    },
    'erasures.finish': ([{ userId, erasesMessages, requestedAt }, at]) =>
      db.run(FINISH, at, userId, requestedAt, Number(erasesMessages)) === 1,
  };
}
