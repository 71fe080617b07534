import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { groupLog, HybridClock, initialProfile, type MessageToRecord } from '@chasqui/domain';
import type { GroupStore } from '@chasqui/ports';
import { expect, onTestFinished, test } from 'vitest';
import {
  type EmbeddedEngines,
  type EmbeddedEnginesOptions,
  makeBackup,
  openEmbeddedEngines,
  restoreBackup,
} from '../../index.ts';
import { BOUNDS, changeOf, creation, toGroup } from '../../testing/group-messages.ts';
import { parts, scratchFolder } from '../../testing/scratch.ts';
import type { Caller } from '../../worker-link/caller.ts';
import { FORMER_CONVERSATION_TABLES, FORMER_DEDUP_TABLE } from '../conversation-tables.ts';
import { createConversationStore } from '../conversations/conversation-store.ts';
import { STORE_STEPS } from '../schema.ts';
import { openStoreEngine } from '../store-engine.ts';
import type { StoreOperations } from '../store-operations.ts';
import { createGroupStore } from './group-store.ts';
import { GROUP_TABLES, MEMBER_NAMES_SCHEMA } from './group-tables.ts';
import { BY_NAME, FIND } from './member-names.ts';
import { setCountsInGroup } from './recount-groups.ts';

const folder = scratchFolder();
let made = 0;
const newFile = () => join(folder, `${++made}`);
const ids = new HybridClock({ now: Date.now, tag: 1 });

const post = (conversationId: string, from: string, fields: Partial<MessageToRecord> = {}): MessageToRecord =>
  toGroup({ messageId: ids.next(), conversationId, from, clientMessageId: `key-${++made}`, ...fields });
const users = (count: number) => Array.from({ length: count }, (_, n) => `user${n}`);

/** The store's engine in this thread; each call is a transaction. `flushAt`: characters of the journal. */
function openStore(flushAt: number, path = newFile()) {
  const flush = { journalCharacters: flushAt, messages: 10 };
  const engine = openStoreEngine({ path, dedupWindowMs: 3_600_000, epoch: 'e', flushAt: flush });
  const { db, store, handlers, beforeCommit } = engine;
  const call = async (op: string, args: never) => {
    db.begin();
    const result = (handlers as { [op: string]: (args: never, now: number) => unknown })[op]?.(args, Date.now());
    beforeCommit?.(Date.now());
    db.commit();
    return result;
  };
  const caller = { call } as Caller<StoreOperations>;
  db.exec('PRAGMA synchronous=OFF');
  onTestFinished(() => engine.db.close());
  return { db, store, conversations: createConversationStore(caller), groups: createGroupStore(caller) };
}

/** A store with a group of Ann and so many others. */
async function withGroup(members: number, flushAt = 1) {
  const opened = openStore(flushAt);
  await opened.groups.apply(creation('team', 'ann', []), BOUNDS);
  for (let n = 0; n < members; n += 500) {
    const added = users(members).slice(n, n + 500);
    await opened.groups.apply(changeOf('team', 'ann', `fill-${n}`, 'add', { users: added }), BOUNDS);
  }
  return opened;
}

test('C16, C19: a page of names and a search read as much of a group of 20,000 as of one of 10', async () => {
  const many = { maxGroupMembers: 100_000, maxGroupsPerUser: 20 };
  const { groups, db } = openStore(1);
  for (const [id, members] of [
    ['small', 10],
    ['large', 20_000],
  ] as const) {
    await groups.apply(creation(id, 'ann', []), many);
    for (let n = 0; n < members; n += 500) {
      const added = users(members).slice(n, n + 500);
      await groups.apply(changeOf(id, 'ann', `fill-${n}`, 'add', { users: added }), many);
    }
  }
  const plans = db
    .all(`EXPLAIN QUERY PLAN ${BY_NAME}`, 1, 0, '', '', 3, 20)
    .concat(db.all(`EXPLAIN QUERY PLAN ${FIND}`, 1, 'user', '', 'uses', 20))
    .map(([, , , detail]) => detail);
  expect(plans).toEqual([
    'SEARCH m USING INDEX members_order (conversation=? AND (role,display_order,name)>(?,?,?) AND role<?)',
    'SEARCH w USING PRIMARY KEY (conversation=? AND (word,name)>(?,?) AND word<?)',
    'SEARCH m USING PRIMARY KEY (conversation=? AND name=?)',
  ]);
  const after = { role: 'member' as const, order: 'user5', userId: 'user5' };
  expect((await groups.byName('large', { after, limit: 2 })).map(({ displayName }) => displayName)).toEqual([
    ...['user50', 'user500'],
  ]);
  const first = await groups.find('large', { text: 'user zz', limit: 20 });
  expect([first.members, first.next?.word]).toEqual([[], 'user1898']);
});

test('C19: a send, an addition and a mark write as many rows in a group of 2,000 as in one of 10', async () => {
  const rowsIn = async (members: number) => {
    // Nothing is flushed meanwhile: merges of sorted runs write rows of all that was flushed before.
    const { db, groups, conversations } = await withGroup(members, 1e9);
    const rowsOf = async (action: () => Promise<unknown>) => {
      const before = db.number('SELECT total_changes()');
      const journaled = db.number('SELECT max(id) FROM journal');
      await action();
      const bodies = db.all('SELECT body FROM journal WHERE id > ?', journaled).map(([body]) => String(body));
      const values = bodies.map((body) => (body.match(/[,[:]/g) ?? []).length);
      return [db.number('SELECT total_changes()') - before, ...values];
    };
    const messages = [post('team', 'user1'), post('team', 'user2', { mentions: ['user3'] })];
    return {
      sent: await rowsOf(() => conversations.record(messages)),
      toAll: await rowsOf(() => conversations.record([post('team', 'ann', { mentions: 'all' })])),
      added: await rowsOf(() => groups.apply(changeOf('team', 'ann', 'add', 'add', { users: ['new'] }), BOUNDS)),
      read: await rowsOf(() =>
        conversations.markRead({
          ...{ userId: 'user4', conversationId: 'team', upTo: messages[0]?.messageId ?? '', at: 1, node: 'n' },
        }),
      ),
    };
  };
  const few = await rowsIn(10);
  expect(await rowsIn(2_000)).toEqual(few);
  // Two messages, in the log and with their keys.
  expect(few.sent[1]).toBeGreaterThan(2 * 8);
});

test('C8, C21: a recount finds drift in groups, also where entries are trimmed, and repairs it', async () => {
  const { store, conversations, groups } = await withGroup(3);
  const messages = [1, 2, 3, 4, 5, 6].map((n) => post('team', n % 2 === 0 ? 'ann' : 'user0'));
  await conversations.record(messages);
  const mark = { userId: 'user1', conversationId: 'team', upTo: messages[0]?.messageId ?? '', at: 1, node: 'n' };
  await conversations.markRead(mark);
  const drift = async (repair = false) => (await conversations.recount(null, { repair, limit: 100 })).drift;
  const unread = async (userId: string) =>
    (await groups.headsOf([{ conversationId: 'team', userId }])).map((head) => head?.unread);
  const spoil = (userId: string, count: number) => {
    const state = store.groups.find('team');
    const row = state && store.members.find(state.id, { conversationId: 'team', userId });
    if (state === undefined || row === undefined) expect.fail(`${userId} is not in the group`);
    setCountsInGroup(store, state, row, { unread: count, mentions: 0 });
  };
  expect(await drift()).toEqual([]);
  // The notices of the group and its members, then so many messages.
  for (const trimmed of [0, 3, 6]) {
    const log = store.users.obtain(groupLog('team'));
    log.floor = trimmed === 0 ? 0 : 2 + trimmed;
    expect(await drift()).toEqual([]);
    spoil('user0', 7);
    spoil('user1', 2);
    const found = [
      { userId: 'user0', conversationId: 'team', count: 'unread', stored: 7, recomputed: 3 },
      { userId: 'user1', conversationId: 'team', count: 'unread', stored: 2, recomputed: 5 },
    ];
    expect(await drift()).toEqual(found);
    expect(await drift(true)).toEqual(found);
    expect([await unread('user0'), await unread('user1'), await drift()]).toEqual([[3], [5], []]);
  }
});

test('C22: among many readers a page is what it is among few', async () => {
  const { conversations, groups } = await withGroup(1_200);
  const [first, second] = [post('team', 'user7'), post('team', 'ann')];
  await conversations.record([first, second]);
  const { messageId } = first;
  for (const [n, userId] of users(1_100).entries()) {
    const { messageId: upTo } = n % 2 === 0 ? first : second;
    await conversations.markRead({ userId, conversationId: 'team', upTo, at: 1, node: 'n' });
  }
  const readers = await groups.readers('team', messageId, { limit: 2_000 });
  const expected = users(1_100)
    .filter((user) => user !== 'user7')
    .sort();
  expect(readers.map(({ userId }) => userId)).toEqual(expected);
  const page = await groups.readers('team', messageId, { after: 'user698', limit: 3 });
  expect(page.map(({ userId }) => userId)).toEqual(['user699', 'user70', 'user700']);
});

test('C16: a busy group is flushed in slices, and what is flushed counts as before', async () => {
  const { db, conversations, groups } = await withGroup(3, 200_000);
  const counts = async () => (await groups.headsOf([{ conversationId: 'team', userId: 'user1' }]))[0]?.unread;
  let most = 0;
  for (let n = 20; n <= 2_000; n += 20) {
    const before = db.number('SELECT total_changes()');
    await conversations.record(Array.from({ length: 20 }, (_, i) => post('team', i % 2 === 0 ? 'ann' : 'user0')));
    most = Math.max(most, db.number('SELECT total_changes()') - before);
    if (n % 200 === 0) expect(await counts()).toBe(n);
  }
  expect(db.number('SELECT count(*) FROM tallies')).toBeGreaterThan(1_000);
  expect(most).toBeLessThan(400);
});

async function open(options: Partial<EmbeddedEnginesOptions> & { dataDir: string }) {
  const engines = await openEmbeddedEngines({ ...parts, ...options });
  onTestFinished(() => engines[Symbol.asyncDispose]());
  return engines;
}

/** A folder with a group and two messages, of a server that was stopped; `sql` then ran on its store. */
async function stopped(sql: string, prepare?: (engines: EmbeddedEngines) => Promise<unknown>): Promise<string> {
  const dataDir = newFile();
  const engines = await open({ dataDir });
  await engines.groups.apply(creation('team', 'ann', ['bob']), BOUNDS);
  await engines.conversations.record([post('team', 'ann'), post('team', 'bob', { mentions: 'all' })]);
  await prepare?.(engines);
  await engines[Symbol.asyncDispose]();
  const file = new DatabaseSync(join(dataDir, 'store.db'));
  file.exec(sql);
  file.close();
  return dataDir;
}

/** Tables of the versions before 19; what tests read is in none of them. */
const FORMER_TABLES = `${FORMER_CONVERSATION_TABLES.replace(/CREATE TABLE conversations .*/, '')}${FORMER_DEDUP_TABLE}
CREATE TABLE inbox (user INTEGER, position INTEGER, at, type, conversation, ref, body, previous, sender);
CREATE TABLE history (conversation INTEGER, id TEXT, seq INTEGER);
DROP TABLE runs; DROP TABLE run_chunks; DROP TABLE compactions;`;

/** Makes a file one of the version before a step: without the tables and indexes of that step and of later ones. */
function before(step: string): string {
  const at = STORE_STEPS.indexOf(step);
  const made = STORE_STEPS.slice(at).flatMap((later) => [
    ...String(later).matchAll(/CREATE (?:UNIQUE )?(TABLE|INDEX) (\w+)/g),
  ]);
  // Indexes first: those of a dropped table go with it.
  const dropped = made
    .sort(([, a = ''], [, b = '']) => a.localeCompare(b))
    .map(([, kind, name]) => `DROP ${kind} IF EXISTS ${name};`);
  return `${dropped.join('')} ${FORMER_TABLES} DELETE FROM journal; PRAGMA user_version = ${at + 1};`;
}

test('a file of the version before groups gets their tables', async () => {
  const dataDir = await stopped(before(GROUP_TABLES));
  const { groups, conversations } = await open({ dataDir, upgrade: true });
  expect(await groups.groups(['team'])).toEqual([null]);
  await groups.apply(creation('other', 'ann', ['bob']), BOUNDS);
  expect(await conversations.record([post('other', 'bob')])).toMatchObject([{ result: 'recorded' }]);
});

test('a file of the version before names gets those of its members from their profiles', async () => {
  const dataDir = await stopped(
    `DROP INDEX members_order; ALTER TABLE members DROP COLUMN display_name;
    ALTER TABLE members DROP COLUMN display_order; DELETE FROM meta WHERE key = 'member_name_rules';
    ${before(MEMBER_NAMES_SCHEMA)}`,
    (engines) => engines.profiles.put({ ...initialProfile('bob', 'Robert'), version: 1 }),
  );
  const { groups } = await open({ dataDir, upgrade: true });
  const names = async () => (await groups.byName('team', { limit: 9 })).map(({ displayName }) => displayName);
  expect(await names()).toEqual(['ann', 'Robert']);
  expect((await groups.find('team', { text: 'rob', limit: 9 })).members).toMatchObject([{ displayName: 'Robert' }]);
});

test('C3, C10, C21: a backup has groups, members, marks and counts, and another epoch once it is opened', async () => {
  const original = newFile();
  const source = await open({ dataDir: original });
  const { groups, conversations } = source;
  await groups.apply(creation('team', 'ann', ['bob']), BOUNDS);
  const [first, second] = [post('team', 'ann'), post('team', 'ann', { mentions: 'all' })];
  await conversations.record([first, second]);
  await conversations.markRead({
    ...{ userId: 'bob', conversationId: 'team', upTo: first.messageId, at: 1, node: 'n' },
  });
  const headOf = async (store: GroupStore) => (await store.headsOf([{ conversationId: 'team', userId: 'bob' }]))[0];
  const before = await headOf(groups);
  expect(before).toMatchObject({ unread: 1, mentions: 1, head: 3 });
  const [backup, dataDir] = [newFile(), newFile()];
  await makeBackup({ source, dataDir: original, to: backup, now: 7 });
  await restoreBackup({ backup, dataDir, now: 8 });
  const after = await headOf((await open({ dataDir })).groups);
  expect(after).toEqual({ ...before, epoch: after?.epoch });
  expect(after?.epoch).not.toBe(before?.epoch);
});

test('C20: a damaged row of a group or a member shows and allows nothing more, and affects no other', async () => {
  const dataDir = await stopped("UPDATE groups SET body = '{'; UPDATE members SET body = '{' WHERE name = 'bob'");
  const engines = await open({ dataDir });
  const { groups, conversations } = engines;
  expect((await groups.members([{ conversationId: 'team', userId: 'bob' }]))[0]?.intervals).toMatchObject([
    { upTo: 0 },
  ]);
  const [bob, ann] = await groups.headsOf(['bob', 'ann'].map((userId) => ({ conversationId: 'team', userId })));
  expect([bob?.head, bob?.unread, ann?.group.settings.history]).toEqual([0, 0, 'since_join']);
  const healthy = await groups.apply(creation('other', 'ann', ['bob']), BOUNDS);
  expect(healthy.outcome.result).toBe('applied');
  expect(await groups.stays('bob', 10)).toMatchObject([
    { conversationId: 'other', interval: { after: expect.any(Number) } },
  ]);
  expect(await groups.stays('ann', 10)).toHaveLength(2);
  const outcomes = await conversations.record([post('team', 'ann'), post('other', 'bob')]);
  expect(outcomes).toMatchObject([{ result: 'refused', reason: 'not_a_member' }, { result: 'recorded' }]);
  const again = await groups.apply(creation('team', 'eve', []), BOUNDS);
  expect(again.outcome).toMatchObject({ code: 'group_exists' });
  await expect.poll(() => engines.degraded()).toMatchObject([expect.stringMatching(/store\.db: 2 damaged rows/)]);
});
