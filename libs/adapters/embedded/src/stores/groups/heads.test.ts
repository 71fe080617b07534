import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { scratchFolder } from '../../testing/scratch.ts';
import { openStoreEngine } from '../store-engine.ts';
import { applyChange } from './apply-change.ts';
import { FORMER_MEMBERS, headsOfUser, LEFT } from './heads.ts';

const folder = scratchFolder();

function open(name: string) {
  const flushAt = { journalCharacters: 1_000_000, messages: 1_000 };
  const engine = openStoreEngine({ path: join(folder, `${name}.db`), dedupWindowMs: 1, epoch: 'e', flushAt });
  onTestFinished(() => engine.db.close());
  return engine;
}

test('C16: of the groups that a user has left, as many are read as are asked for', () => {
  const { db } = open('left');
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

test('groups whose last message is not in their rows yet are among those updated since', () => {
  const { db, store } = open('since');
  db.begin();
  for (const conversationId of ['quiet', 'busy', 'other']) {
    const details = { name: 'G', description: '', picture: '', settings: {}, members: ['bob'] };
    const by = conversationId === 'other' ? 'eve' : 'ann';
    const create = { change: 'create', conversationId, by, at: 5, changeId: 'c', details } as const;
    applyChange(store, create, { maxGroupMembers: 9, maxGroupsPerUser: 9 }, 5);
  }
  store.journal.write(5);
  const since = (userId: string, at: number) =>
    headsOfUser(store, userId, { since: at, limit: 9 }).map(
      ({ group }) => `${group.conversationId} ${group.updatedAt}`,
    );
  expect(since('bob', 6)).toEqual([]);
  for (const name of ['busy', 'other'])
    store.groups.setLast(store.groups.find(name) ?? expect.fail(), { updatedAt: 8 });
  expect([since('bob', 6), since('ann', 6), since('ann', 9)]).toEqual([['other 8', 'busy 8'], ['busy 8'], []]);
  const page = { before: { updatedAt: 7, conversationId: '' }, limit: 9 };
  expect(headsOfUser(store, 'bob', page).map(({ group }) => group.conversationId)).toEqual(['quiet']);
});
