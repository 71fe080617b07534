import { ImError, PEOPLE_LIMITS, type UserId } from '@chasqui/domain';
import type { BlockStore } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { lockPair, partPair } from './pair.ts';
import { savePeople } from './person.ts';

const BLOCK = 'INSERT INTO blocks (user_id, other_id, at) VALUES (?, ?, ?)';
const UNBLOCK = 'DELETE FROM blocks WHERE user_id = ? AND other_id = ?';
const BLOCKED = 'SELECT user_id, other_id FROM blocks WHERE (user_id, other_id) IN (?)';
const LIST = 'SELECT other_id, at FROM blocks WHERE user_id = ? AND other_id > ? ORDER BY other_id LIMIT ?';

function block(database: Database, userId: UserId, other: UserId, at: number): Promise<boolean> {
  return database.transaction<boolean>(async (transaction, earlier) => {
    const pair = await lockPair(transaction, userId, other);
    if (pair.blockedAt !== null) return { result: earlier === true && pair.blockedAt === at, writes: [] };
    const { maxBlocksPerUser } = PEOPLE_LIMITS;
    if (pair.mine.blocks >= maxBlocksPerUser) {
      throw new ImError('limit_reached', `your blocks: at most ${maxBlocksPerUser}`);
    }
    pair.mine.blocks++;
    const parted = partPair(pair);
    return { result: true, writes: [{ sql: BLOCK, values: [userId, other, at] }, ...parted, savePeople(pair.mine)] };
  });
}

function unblock(database: Database, userId: UserId, other: UserId): Promise<boolean> {
  return database.transaction<boolean>(async (transaction, earlier) => {
    const { mine, blockedAt } = await lockPair(transaction, userId, other);
    if (blockedAt === null) return { result: earlier === true, writes: [] };
    mine.blocks--;
    return { result: true, writes: [{ sql: UNBLOCK, values: [userId, other] }, savePeople(mine)] };
  });
}

export function createBlockStore(database: Database): BlockStore {
  return {
    block: (userId, other, at) => block(database, userId, other, at),
    unblock: (userId, other) => unblock(database, userId, other),
    async blocked(pairs) {
      if (pairs.length === 0) return [];
      const { rows } = await database.run({
        sql: BLOCKED,
        values: [pairs.map(({ userId, other }) => [userId, other])],
      });
      const found = new Set(rows.map(([userId, other]) => `${userId} ${other}`));
      return pairs.map(({ userId, other }) => found.has(`${userId} ${other}`));
    },
    async list(userId, { after = '', limit }) {
      const { rows } = await database.run({ sql: LIST, values: [userId, after, limit] });
      return (rows as [UserId, number][]).map(([other, at]) => ({ userId, other, at }));
    },
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
