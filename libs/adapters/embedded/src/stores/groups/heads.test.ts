import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { scratchFolder } from '../../testing/scratch.ts';
import { openStoreEngine } from '../store-engine.ts';
import { FORMER_MEMBERS, LEFT } from './heads.ts';

const folder = scratchFolder();

test('C16: of the groups that a user has left, as many are read as are asked for', () => {
  const flushAt = { journalCharacters: 1, messages: 10 };
  const { db } = openStoreEngine({ path: join(folder, 'store.db'), dedupWindowMs: 1, epoch: 'e', flushAt });
  onTestFinished(() => db.close());
  const planOf = (sql: string, ...values: (string | number)[]) =>
    db.all(`EXPLAIN QUERY PLAN ${sql}`, ...values).map(([, , , detail]) => detail);
  // The index gives the newest first; only those that ended in the same millisecond are sorted.
  expect(planOf(LEFT, 'bob', 1, 9e15, '', 20, 0)).toEqual([
    'SEARCH m USING COVERING INDEX members_name (name=? AND left_at>? AND left_at<?)',
    'CORRELATED SCALAR SUBQUERY 1',
    'SEARCH g USING INTEGER PRIMARY KEY (rowid=?)',
    'SEARCH c USING INTEGER PRIMARY KEY (rowid=?)',
    'USE TEMP B-TREE FOR LAST TERM OF ORDER BY',
  ]);
  expect(planOf(FORMER_MEMBERS, 'bob', 1, 20)).toEqual([
    'SEARCH members USING INDEX members_name (name=? AND left_at>?)',
  ]);
});
