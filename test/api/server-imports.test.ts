import { SEARCH_TOPIC } from '@chasqui/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeKey } from './access/api-keys.ts';
import { createTestApi, type TestApi } from './fixture.ts';
import { message, OLD, oldestFirst, sendImport, textOf } from './import-calls.ts';

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await createTestApi();
  key = await makeKey(api);
});
afterAll(() => api[Symbol.asyncDispose]());

const importText = (text: string, query = '') => sendImport(api, key, text, query);
const importAll = (lines: readonly object[], query = '') => importText(textOf(lines), query);
const historyOf = (conversationId: string) => oldestFirst(api, conversationId);
const unreadOf = (userId: string) => api.deps.conversations.unread(userId);

test('users and their history are imported with their times; all is read, nobody is told, and a repeat changes nothing', async () => {
  const { serverEvents, bus } = api.deps;
  const told: string[] = [];
  const publish = bus.publish.bind(bus);
  bus.publish = (publication) => {
    told.push(publication.topic);
    return publish(publication);
  };
  const lines = [
    { type: 'user', userId: 'ana', displayName: 'Ana' },
    { type: 'user', userId: 'shop', bot: true },
    message('ana', 'ben', OLD),
    message('ben', 'ana', OLD),
    message('ana', 'ben', OLD + 60_000),
  ];
  expect(await importAll(lines)).toMatchObject({ status: 200, next: 6, imported: 5, repeated: 0, errors: [] });
  const history = await historyOf('ana~ben');
  expect(history.map(({ content, sentAt }) => [content.text, sentAt])).toEqual([
    ['words 1', OLD],
    ['words 2', OLD],
    ['words 3', OLD + 60_000],
  ]);
  expect(history.map(({ messageId }) => messageId)).toEqual(history.map(({ messageId }) => messageId).sort());
  expect(history.map(({ statuses }) => statuses)).toEqual([
    { ben: 'delivered' },
    { ana: 'delivered' },
    { ben: 'delivered' },
  ]);
  expect([await unreadOf('ana'), await unreadOf('ben')]).toMatchObject([{ total: 0 }, { total: 0 }]);
  expect(new Set(told)).toEqual(new Set([SEARCH_TOPIC]));
  expect((await serverEvents.state()).head).toBe(0);
  const before = await api.deps.logs.page('ben', 0, 100);
  expect(await importAll(lines)).toMatchObject({ next: 6, imported: 0, repeated: 5, errors: [] });
  expect(await historyOf('ana~ben')).toEqual(history);
  expect(await api.deps.logs.page('ben', 0, 100)).toEqual(before);
  expect(await api.deps.profiles.get(['ana', 'shop'])).toMatchObject([
    { displayName: 'Ana', version: 1 },
    { bot: true },
  ]);
});

test('of a picture that another server has, nothing is imported; one elsewhere is', async () => {
  const [path, elsewhere] = [`/api/pictures/${'0'.repeat(32)}`, 'https://example.org/a.png'];
  const group = { type: 'group', owner: 'eli', name: 'Crew', createdAt: OLD };
  const lines = [
    { type: 'user', userId: 'eli', avatar: path },
    { type: 'user', userId: 'flo', avatar: elsewhere },
    { ...group, conversationId: 'crew-1', picture: path },
    { ...group, conversationId: 'crew-2', picture: elsewhere },
  ];
  expect(await importAll(lines)).toMatchObject({ imported: 4, errors: [] });
  expect(await importAll(lines)).toMatchObject({ repeated: 4, errors: [] });
  expect((await api.deps.profiles.get(['eli', 'flo'])).map((one) => one?.avatar)).toEqual(['', elsewhere]);
  const groups = await api.deps.groups.groups(['crew-1', 'crew-2']);
  expect(groups.map((one) => one?.picture)).toEqual(['', elsewhere]);
});

test('C8: unread counts are as the file says, and sent to the cache', async () => {
  await importAll([
    message('cat', 'dan', OLD),
    message('cat', 'dan', OLD + 1, { unread: true }),
    message('dan', 'cat', OLD + 2),
  ]);
  expect(await unreadOf('dan')).toMatchObject({ total: 1, byConversation: { 'cat~dan': 1 } });
  expect(await unreadOf('cat')).toMatchObject({ total: 0 });
  expect((await historyOf('cat~dan')).map(({ statuses }) => statuses)).toEqual([
    { dan: 'delivered' },
    { dan: 'unread' },
    { cat: 'delivered' },
  ]);
  const [, second] = await historyOf('cat~dan');
  const read = { type: 'read', conversationId: 'cat~dan', userId: 'dan', upTo: second?.messageId };
  expect(await importAll([read, read, { ...read, userId: 'eve' }, { ...read, upTo: 'f'.repeat(24) }])).toMatchObject({
    ...{ imported: 1, repeated: 1 },
    errors: [
      { line: 3, code: 'not_a_member', field: 'userId' },
      { line: 4, code: 'message_not_found', field: 'upTo' },
    ],
  });
  expect(await unreadOf('dan')).toMatchObject({ total: 0 });
  expect((await api.deps.conversations.recount(null, { repair: false, limit: 100 })).drift).toEqual([]);
});

test('C18, C21: groups, members in their order and history are imported; everybody has read it, but for what is unread', async () => {
  const inTeam = (from: string, sentAt: number, fields: object = {}) =>
    message(from, '', sentAt, { to: undefined, conversationId: 'old-team', ...fields });
  const lines = [
    {
      type: 'group',
      conversationId: 'old-team',
      owner: 'ana',
      name: 'Team',
      members: ['ben'],
      createdAt: OLD,
      settings: { history: 'since_join' },
    },
    inTeam('ana', OLD + 1),
    inTeam('gone', OLD + 2),
    { type: 'members', conversationId: 'old-team', users: ['cat', 'dan'], role: 'admin', joinedAt: OLD + 3 },
    inTeam('cat', OLD + 4, { mentions: ['ben'] }),
    inTeam('cat', OLD + 5, { mentions: ['ben'], unread: true }),
  ];
  expect(await importAll(lines)).toMatchObject({ imported: 6, errors: [] });
  const ids = (await historyOf('old-team')).map(({ messageId }) => messageId);
  const heads = await api.deps.groups.headsOf(
    ['ben', 'cat', 'dan'].map((userId) => ({ conversationId: 'old-team', userId })),
  );
  expect(heads).toMatchObject([
    { unread: 1, mentions: 1, read: { upTo: ids[2] }, member: { role: 'member' } },
    { unread: 0, mentions: 0, member: { role: 'admin', joinedAt: OLD + 3, intervals: [{ afterId: ids[1] }] } },
    { unread: 1, mentions: 0, member: { role: 'admin' } },
  ]);
  const log = await api.deps.logs.page('~old-team', 0, 100);
  expect(await importAll(lines)).toMatchObject({ imported: 0, repeated: 6, errors: [] });
  expect(await api.deps.logs.page('~old-team', 0, 100)).toEqual(log);
  const other = { type: 'group', conversationId: 'old-team', owner: 'ben', name: 'Other', createdAt: OLD + 9 };
  expect(
    await importAll([other, inTeam('ana', OLD + 3), { ...inTeam('ana', OLD), conversationId: 'nowhere' }]),
  ).toMatchObject({
    errors: [
      { line: 1, code: 'group_exists', field: 'conversationId' },
      { line: 2, code: 'import_out_of_order', field: 'sentAt' },
      { line: 3, code: 'not_found', field: 'conversationId' },
    ],
  });
});

test('who wrote to a group and joins it only behind that in the file is added, whatever the times say', async () => {
  const conversationId = 'old-club';
  const lines = [
    { type: 'group', conversationId, owner: 'ana', name: 'Club', createdAt: OLD },
    message('kim', '', OLD + 9, { to: undefined, conversationId }),
    { type: 'members', conversationId, users: ['kim'], role: 'admin', joinedAt: OLD + 5 },
  ];
  expect(await importAll(lines)).toMatchObject({ imported: 3, errors: [] });
  const kim = { conversationId, userId: 'kim' };
  expect(await api.deps.groups.members([kim])).toMatchObject([{ role: 'admin', leftAt: 0, joinedAt: OLD + 5 }]);
  expect(await importAll(lines)).toMatchObject({ imported: 0, repeated: 3, errors: [] });
});

test('C15: each wrong line is named with its number in the file, and the others are imported', async () => {
  const { sentAt: _, ...timeless } = message('eve', 'fay', OLD);
  const wrong: [object | string, string, string?][] = [
    ['{"type":', 'invalid_json'],
    ['7', 'invalid_request', 'type'],
    [{ type: 'constructor' }, 'invalid_request', 'type'],
    [timeless, 'invalid_request', 'sentAt'],
    [message('eve', 'fay', OLD, { surprise: 1 }), 'invalid_request', 'surprise'],
    [message('eve', 'fay', OLD, { conversationId: 'eve~fay' }), 'invalid_request', 'conversationId'],
    [message('eve', 'eve', OLD), 'recipient_invalid', 'to'],
    [message('eve', '', OLD, { to: undefined, conversationId: 'ana~ben' }), 'recipient_invalid', 'conversationId'],
    [message('eve', 'fay', OLD, { mentions: 'all' }), 'mention_invalid', 'mentions'],
    [message('eve', 'fay', OLD, { content: { text: 'x'.repeat(40_000) } }), 'content_too_large', 'content'],
    [message('eve', 'fay', api.clock.now() + 1), 'content_invalid', 'sentAt'],
    [message('eve', 'fay', OLD, { messageId: 'f'.repeat(24) }), 'content_invalid', 'messageId'],
    [{ type: 'user', userId: 'system' }, 'content_invalid', 'userId'],
    [
      { type: 'group', conversationId: 'soon', owner: 'eve', name: 'Soon', createdAt: 9e15 },
      'content_invalid',
      'createdAt',
    ],
    [{ type: 'members', conversationId: 'nowhere', users: ['eve'], joinedAt: OLD }, 'not_found', 'conversationId'],
    [{ type: 'group', conversationId: 'ours', owner: 'system', name: 'Ours', createdAt: OLD }, 'not_allowed', 'owner'],
  ];
  const right = message('eve', 'fay', OLD);
  const texts = [
    ...wrong.map(([line]) => (typeof line === 'string' ? line : JSON.stringify(line))),
    JSON.stringify(right),
  ];
  const { errors, ...rest } = await importText(texts.join('\n'), '?from=101');
  expect(errors.map(({ line, code, field }) => [line, code, field])).toEqual(
    wrong.map(([, code, field], place) => [101 + place, code, field]),
  );
  expect(rest).toMatchObject({ next: 101 + texts.length, imported: 1 });
  const again = { ...right, content: { text: 'other words' } };
  const late = message('fay', 'eve', OLD - 1);
  expect((await importAll([again, late])).errors).toMatchObject([
    { line: 1, code: 'client_message_id_reused', field: 'clientMessageId' },
    { line: 2, code: 'import_out_of_order', field: 'sentAt' },
  ]);
});

test('C16: an answer names a bounded number of wrong lines, and next goes on behind them; empty lines are no errors, and others are served meanwhile', async () => {
  const lines = Array<object>(1_500).fill({ type: 'nothing' });
  const { errors, next } = await importAll(lines, '?from=11');
  expect([errors.length, errors.at(-1)?.line, next]).toEqual([1_000, 1_010, 1_011]);
  const refused = [...lines.slice(0, 999), ...Array<object>(2_500).fill({ type: 'user', userId: 'system' })];
  expect((await importAll(refused)).errors).toHaveLength(2_999);
  let turns = 0;
  const counting = setInterval(() => turns++, 0);
  const empty = `${'\n'.repeat(2 ** 20)}${JSON.stringify({ type: 'user', userId: 'una' })}\n`;
  expect(await importText(empty)).toMatchObject({ next: 2 ** 20 + 2, imported: 1, errors: [] });
  clearInterval(counting);
  expect(turns).toBeGreaterThan(5);
});

test('with stopAtError nothing behind the first wrong line is imported, and next is its number', async () => {
  const lines = [message('gil', 'hal', OLD), { type: 'nothing' }, message('gil', 'hal', OLD + 1)];
  expect(await importAll(lines, '?stopAtError=true')).toMatchObject({ next: 2, imported: 1, errors: [{ line: 2 }] });
  expect(await historyOf('gil~hal')).toHaveLength(1);
  expect(await importAll(lines.toSpliced(1, 1), '?stopAtError=true')).toMatchObject({
    next: 3,
    imported: 1,
    repeated: 1,
  });
  const wrong = message('gil', 'jen', OLD + 2, { mentions: 'all' });
  const batch = [message('gil', 'jen', OLD + 1), wrong, message('gil', 'jen', OLD + 3)];
  expect(await importAll(batch, '?stopAtError=true')).toMatchObject({ next: 2, imported: 1, errors: [{ line: 2 }] });
  const { mentions: _, ...right } = { mentions: '', ...wrong };
  expect(await importAll([right, ...batch.slice(2)], '?stopAtError=true')).toMatchObject({ imported: 2, errors: [] });
  const refused = [message('gil', 'hal', OLD - 1), message('gil', 'ida', OLD)];
  expect(await importAll(refused, '?stopAtError=true&from=7')).toMatchObject({ next: 7, errors: [{ line: 7 }] });
});

test('who was erased does not come back by an import', async () => {
  const asked = { erasesMessages: true, askedBy: 'test', requestedAt: 1 };
  await api.deps.erasures.begin({ userId: 'zed', ...asked });
  const group = { type: 'group', conversationId: 'no-zed', owner: 'amy', name: 'No Zed', createdAt: OLD };
  const lines = [
    { type: 'user', userId: 'zed' },
    message('zed', 'amy', OLD),
    { ...group, owner: 'zed' },
    { ...group, members: ['amy', 'zed'] },
    group,
    { type: 'members', conversationId: 'no-zed', users: ['bea', 'zed'], joinedAt: OLD + 1 },
  ];
  expect(await importAll(lines)).toMatchObject({
    ...{ imported: 1, repeated: 0 },
    errors: [
      { line: 1, code: 'user_erased', field: 'userId' },
      { line: 2, code: 'user_erased', field: 'from' },
      { line: 3, code: 'user_erased', field: 'owner' },
      { line: 4, code: 'user_erased', field: 'members' },
      { line: 6, code: 'user_erased', field: 'users' },
    ],
  });
  expect((await api.deps.groups.page('no-zed', { limit: 10 })).map(({ userId }) => userId)).toEqual(['amy']);
});

test('the ids of another Chasqui are kept', async () => {
  const messageId = `${OLD.toString(16).padStart(12, '0')}0007deadbeef`;
  await importAll([message('jo', 'kim', OLD, { messageId })]);
  expect(await historyOf('jo~kim')).toMatchObject([{ messageId, sentAt: OLD }]);
});

test('C16: two imports run side by side, and a third has to wait; each is in the audit log', async () => {
  const { messages } = api.deps;
  const put = messages.put;
  const gate = Promise.withResolvers<void>();
  messages.put = async (...args) => {
    await gate.promise;
    return put.apply(messages, args);
  };
  const first = [importAll([message('lea', 'mo', OLD)]), importAll([message('mo', 'ned', OLD)])];
  await new Promise((resolve) => setImmediate(resolve));
  await expect.poll(async () => (await importAll([])).status).toBe(503);
  gate.resolve();
  expect((await Promise.all(first)).map(({ imported }) => imported)).toEqual([1, 1]);
  messages.put = put;
  const audit = await api.deps.auditLog.page({ limit: 3 });
  expect(audit).toMatchObject(Array(3).fill({ action: 'import_data', actor: expect.stringMatching(/^key:/) }));
});
