import { DEFAULT_LIMITS, type GroupChange, ImError, type Profile } from '@chasqui/domain';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeKey } from './access/api-keys.ts';
import { createTestApi, type TestApi } from './fixture.ts';
import { message, OLD, oldestFirst, sendImport, textOf } from './import-calls.ts';

// Imports that break off, and repeats of them, soon or late.

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await createTestApi();
  key = await makeKey(api);
});
afterAll(() => api[Symbol.asyncDispose]());

const importAll = (lines: readonly object[], query = '') => sendImport(api, key, textOf(lines), query);
const historyOf = (conversationId: string) => oldestFirst(api, conversationId);
const unreadOf = (userId: string) => api.deps.conversations.unread(userId);

test('a repeat whose outcomes are forgotten leaves roles, members and profiles as people changed them since', async () => {
  const { groups, profiles } = api.deps;
  const lines = [
    { type: 'user', userId: 'wim', displayName: 'Wim' },
    { type: 'group', conversationId: 'later', owner: 'wim', name: 'Later', createdAt: OLD },
    { type: 'members', conversationId: 'later', users: ['xia', 'yan', 'zoe'], role: 'admin', joinedAt: OLD + 1 },
  ];
  const apply = groups.apply;
  // It dies before it has made admins of all.
  groups.apply = async (change, ...rest) => {
    if (change.change === 'role' && change.details.userId === 'zoe') throw new ImError('store_unavailable', 'gone');
    return apply.call(groups, change, ...rest);
  };
  expect((await importAll(lines)).status).toBe(503);
  groups.apply = apply;
  const as = async (change: Pick<GroupChange, 'change' | 'details' | 'by'>) => {
    const parts = { conversationId: 'later', changeId: JSON.stringify(change), at: api.clock.now() };
    expect((await groups.apply({ ...change, ...parts } as GroupChange, DEFAULT_LIMITS)).outcome.result).toBe('applied');
  };
  await as({ change: 'role', details: { userId: 'xia', role: 'member' }, by: 'wim' });
  await as({ change: 'leave', details: {}, by: 'yan' });
  const [known] = await profiles.get(['wim']);
  await profiles.put({ ...(known as Profile), displayName: 'Willem', version: 2 });
  const later = vi.spyOn(api.clock, 'now').mockReturnValue(api.clock.now() + 3 * 24 * 3600 * 1000);
  expect(await importAll(lines)).toMatchObject({ imported: 1, repeated: 2, errors: [] });
  later.mockRestore();
  expect((await groups.page('later', { limit: 10 })).map(({ userId, role }) => [userId, role])).toEqual(
    expect.arrayContaining([
      ['wim', 'owner'],
      ['xia', 'member'],
      ['zoe', 'admin'],
    ]),
  );
  expect(await profiles.get(['wim'])).toMatchObject([{ displayName: 'Willem' }]);
});

test('C10: an import that dies behind any of its writes leaves nothing that stops a sync', async () => {
  const { conversations } = api.deps;
  const record = conversations.record;
  await importAll([{ type: 'group', conversationId: 'cut', owner: 'pia', name: 'Cut', createdAt: OLD }]);
  const inCut = (from: string) => message(from, '', OLD + 1, { to: undefined, conversationId: 'cut' });
  // Of one millisecond, and in two calls: the counter goes on from what the conversation has.
  const pieces = [1, 2].map(() => [
    message('quin', 'pia', OLD),
    message('pia', 'quin', OLD),
    inCut('pia'),
    inCut('rob'),
  ]);
  for (const piece of pieces) {
    conversations.record = async (...args) => {
      await record.apply(conversations, args);
      throw new ImError('store_unavailable', 'the process ends here');
    };
    expect((await importAll(piece)).status).toBe(503);
    conversations.record = record;
  }
  const page = (await api.call('GET', '/api/messages/offline', { as: 'pia' })).json();
  const words = pieces.flatMap((piece) => piece.slice(0, 2).map(({ content }) => content.text));
  const messagesOf = (updates: { type: string; content?: { text: string } }[]) =>
    updates.flatMap(({ type, content }) => (type === 'chat' ? [content?.text] : []));
  expect([page.caughtUp, messagesOf(page.updates)]).toEqual([true, words]);
  const log = await api.deps.logs.page('~cut', 0, 100);
  const keys = log.entries.filter((entry) => entry.type === 'message');
  expect((await api.deps.messages.get(keys)).map((one) => one?.content.text)).toEqual(
    pieces.flatMap((piece) => piece.slice(2).map(({ content }) => content.text)),
  );
  expect(await importAll(pieces.flat())).toMatchObject({ imported: 0, repeated: 8, errors: [] });
  expect((await historyOf('pia~quin')).map(({ content }) => content.text)).toEqual(words);
  expect(await unreadOf('pia')).toMatchObject({ total: 0 });
});

test('C10: texts that an import left behind go when it is repeated too late, and those of recorded messages stay', async () => {
  const { conversations } = api.deps;
  const record = conversations.record;
  await importAll([{ type: 'group', conversationId: 'late', owner: 'ken', name: 'Late', createdAt: OLD }]);
  const recorded = message('ken', 'lia', OLD);
  await importAll([recorded]);
  const lines = [
    ...[recorded, message('lia', 'ken', OLD), message('ken', 'lia', OLD + 1)],
    message('ken', '', OLD + 1, { to: undefined, conversationId: 'late' }),
  ];
  conversations.record = () => Promise.reject(new ImError('store_unavailable', 'the process ends here'));
  expect((await importAll(lines)).status).toBe(503);
  conversations.record = record;
  expect([await historyOf('ken~lia'), await historyOf('late')].map(({ length }) => length)).toEqual([3, 1]);
  await api.store('lia', 'ken', 'a live word');
  await api.post('late', 'ken', 'another live word');
  const { repeated, errors } = await importAll(lines);
  expect([repeated, errors.map(({ line, code }) => [line, code])]).toEqual([
    1,
    [2, 3, 4].map((line) => [line, 'import_out_of_order']),
  ]);
  expect((await historyOf('ken~lia')).map(({ content }) => content.text)).toEqual([
    recorded.content.text,
    'a live word',
  ]);
  expect((await historyOf('late')).map(({ content }) => content.text)).toEqual(['another live word']);
});

test('texts of messages that are refused do not stay in the history', async () => {
  const first = message('sal', 'tom', OLD);
  await importAll([first, message('sal', 'tom', OLD + 9)]);
  const answer = await importAll([
    { ...first, sentAt: OLD + 10, content: { text: 'other' } },
    message('tom', 'sal', OLD + 5),
  ]);
  expect(answer.errors).toHaveLength(2);
  expect(await historyOf('sal~tom')).toHaveLength(2);
});

test('C4: a repeat behind the dedup window doubles nothing, and brings nothing back', async () => {
  const lines = [message('uma', 'vic', OLD), message('vic', 'uma', OLD + 1), message('uma', 'vic', OLD + 1)];
  await importAll(lines);
  const last = (await historyOf('uma~vic')).at(-1)?.messageId ?? '';
  const recall = { action: 'recall', by: 'uma', at: 1, revision: 1 } as const;
  await api.deps.messages.apply([{ conversationId: 'uma~vic', messageId: last, action: recall, node: 'test' }]);
  const before = [await historyOf('uma~vic'), await api.deps.logs.page('vic', 0, 100)];
  const later = vi.spyOn(api.clock, 'now').mockReturnValue(api.clock.now() + 31 * 24 * 3600 * 1000);
  const { errors } = await importAll(lines);
  expect(errors.map(({ code }) => code)).toEqual(Array(3).fill('import_out_of_order'));
  expect([await historyOf('uma~vic'), await api.deps.logs.page('vic', 0, 100)]).toEqual(before);
  expect(await importAll([message('vic', 'uma', OLD + 1)])).toMatchObject({ imported: 1 });
  later.mockRestore();
});
