import { type Block, ImError, PEOPLE_LIMITS } from '@chasqui/domain';
import type { Database } from '../../sqlite/database.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { OperationsOf } from './people-operations.ts';

const LIST = 'SELECT other, at FROM blocks WHERE user = ? AND other > ? ORDER BY other LIMIT ?';

export function isBlocked(db: Database, userId: string, other: string): boolean {
  return db.get('SELECT 1 FROM blocks WHERE user = ? AND other = ?', userId, other) !== undefined;
}

function block(db: Database, userId: string, other: string, at: number): boolean {
  if (isBlocked(db, userId, other)) return false;
  const { maxBlocksPerUser } = PEOPLE_LIMITS;
  if (db.number('SELECT count(*) FROM blocks WHERE user = ?', userId) >= maxBlocksPerUser) {
    throw new ImError('limit_reached', `your blocks: at most ${maxBlocksPerUser}`);
  }
  db.run('INSERT INTO blocks VALUES (?, ?, ?)', userId, other, at);
  db.run('DELETE FROM contacts WHERE user = ? AND other = ?', userId, other);
  db.run('DELETE FROM contacts WHERE user = ? AND other = ?', other, userId);
  return true;
}

export function blockOperations(db: Database): Handlers<OperationsOf<'blocks'>> {
  return {
    'blocks.block': ([userId, other, at]) => block(db, userId, other, at),
    'blocks.unblock': ([userId, other]) =>
      db.run('DELETE FROM blocks WHERE user = ? AND other = ?', userId, other) === 1,
    'blocks.blocked': (pairs) => pairs.map(({ userId, other }) => isBlocked(db, userId, other)),
    'blocks.list': ([userId, { after = '', limit }]) =>
      db.all(LIST, userId, after, limit).map(([other, at]) => ({ userId, other, at }) as Block),
  };
}
