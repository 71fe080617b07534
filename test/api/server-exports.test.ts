import { DEFAULT_LIMITS } from '@chasqui/domain';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makeKey, withKey } from './access/api-keys.ts';
import { createTestApi, type TestApi } from './fixture.ts';

const OLD = Date.UTC(2012, 5, 1);
const LINES = { 'content-type': 'application/x-ndjson' };
type Line = { type: string; [field: string]: unknown };

interface Server {
  api: TestApi;
  put(lines: readonly object[]): Promise<{ imported: number; repeated: number; errors: object[] }>;
  /** The lines of an export. */
  get(path: string): Promise<Line[]>;
  status(path: string): Promise<unknown>;
}

async function openServer(): Promise<Server> {
  const api = await createTestApi();
  const { headers } = withKey(await makeKey(api));
  return {
    api,
    async put(lines) {
      const payload = lines.map((line) => JSON.stringify(line)).join('\n');
      return (await api.call('POST', '/api/server/imports', { payload, headers: { ...headers, ...LINES } })).json();
    },
    async get(path) {
      const answer = await api.call('GET', `/api/server${path}`, { headers });
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
      return answer.payload
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    },
    async status(path) {
      const answer = await api.call('GET', `/api/server${path}`, { headers });
      return [answer.statusCode, answer.json().error];
    },
  };
}

let from: Server;
let to: Server;
beforeAll(async () => {
  [from, to] = [await openServer(), await openServer()];
});
afterAll(async () => {
  for (const server of [from, to]) await server.api[Symbol.asyncDispose]();
});

/** What a user has of a conversation. */
async function seenBy({ api: { deps } }: Server, conversationId: string, userIds: readonly string[]) {
  const messages = (await deps.messages.page(conversationId, { limit: 5_000 })).map(
    ({ messageId, from: sender, clientMessageId, content, sentAt, mentions, forwarded, editedAt }) => ({
      ...{ messageId, sender, clientMessageId, content, sentAt, mentions, forwarded, editedAt },
    }),
  );
  const entries = await deps.conversations.entries(userIds.map((userId) => ({ userId, conversationId })));
  const heads = await deps.groups.headsOf(userIds.map((userId) => ({ userId, conversationId })));
  return {
    messages,
    users: await deps.profiles.get(userIds).then((all) => all.map((one) => one?.displayName)),
    direct: entries.map((entry) => entry && [entry.unread, entry.read.upTo, entry.lastMessageId, entry.updatedAt]),
    inGroup: heads.map(
      (head) =>
        head && [head.unread, head.mentions, head.read.upTo, head.member.role, head.member.intervals.at(-1)?.afterId],
    ),
  };
}

test('C6: a direct conversation of several pages, exported and imported elsewhere, is the same with its ids and counts', async () => {
  const sent = [];
  for (let n = 0; n < 1_203; n++) {
    const [sender, to] = n % 3 === 0 ? ['ana', 'ben'] : ['ben', 'ana'];
    const line = { type: 'message', from: sender, to, clientMessageId: `m-${n}`, sentAt: OLD + Math.floor(n / 2) };
    sent.push({
      ...line,
      content: n === 5 ? { data: { b: 1, a: [2] } } : { text: `words ${n}` },
      ...(n > 1_198 ? { unread: true } : {}),
      ...(n === 7 ? { editedAt: OLD + 90, forwarded: { from: 'cat', at: OLD - 1 } } : {}),
    });
  }
  await from.put([{ type: 'user', userId: 'ana', displayName: 'Ana', avatar: 'https://example.org/a.png' }, ...sent]);
  await from.api.store('ana', 'ben', 'a live one');
  const lines = await from.get('/conversations/ana~ben/export');
  expect(lines).toHaveLength(1 + sent.length + 1);
  const edited = { editedAt: OLD + 90, forwarded: { from: 'cat', at: OLD - 1 } };
  expect(lines.filter((line) => 'editedAt' in line)).toMatchObject([edited]);
  expect(await to.put(lines)).toMatchObject({ imported: lines.length, errors: [] });
  expect(await seenBy(to, 'ana~ben', ['ana', 'ben'])).toEqual(await seenBy(from, 'ana~ben', ['ana', 'ben']));
  expect(await to.get('/conversations/ana~ben/export')).toEqual(lines);
  const [shown] = (await to.api.deps.messages.page('ana~ben', { limit: 5_000 })).filter(({ editedAt }) => editedAt);
  const url = `/api/conversations/ana~ben/messages/${shown?.messageId}`;
  expect((await to.api.call('GET', url, { as: 'ana' })).json()).toMatchObject(edited);
  const wrong = { ...sent[7], clientMessageId: 'wrong', editedAt: OLD - 1 };
  expect(await to.put([wrong])).toMatchObject({ errors: [{ field: 'editedAt' }] });
});

test('an export that broke off goes on behind the last message that came', async () => {
  const lines = await from.get('/conversations/ana~ben/export');
  const rest = await from.get(`/conversations/ana~ben/export?after=${lines[700]?.messageId}`);
  expect(rest).toEqual([lines[0], ...lines.slice(701)]);
});

test('C20, C21: a group, exported and imported elsewhere, has the same members, history, marks and counts', async () => {
  const message = (sender: string, n: number, fields: object = {}) => ({
    ...{ type: 'message', from: sender, conversationId: 'team', clientMessageId: `t-${n}`, sentAt: OLD + n },
    content: { text: `team ${n}` },
    ...fields,
  });
  await from.put([
    {
      type: 'group',
      conversationId: 'team',
      owner: 'ana',
      name: 'Team',
      members: ['ben'],
      createdAt: OLD,
      settings: { history: 'since_join' },
    },
    message('ana', 1),
    { type: 'members', conversationId: 'team', users: ['cat'], role: 'admin', joinedAt: OLD + 2 },
    message('cat', 3, { mentions: ['ben'], unread: true }),
    message('left', 4, { unread: true }),
    { type: 'members', conversationId: 'team', users: ['dan'], joinedAt: OLD + 5 },
    message('ana', 6, { mentions: 'all', unread: true }),
  ]);
  const [last] = await from.api.deps.messages.page('team', { limit: 1 });
  await from.put([{ type: 'read', conversationId: 'team', userId: 'ben', upTo: last?.messageId }]);
  const lines = await from.get('/conversations/team/export');
  expect(await to.put(lines)).toMatchObject({ errors: [] });
  const people = ['ana', 'ben', 'cat', 'dan'];
  expect(await seenBy(to, 'team', people)).toEqual(await seenBy(from, 'team', people));
  expect(await to.get('/conversations/team/export')).toEqual(lines);
});

test("a user's export has the profile, the direct conversations and what they wrote in groups, and goes on where it broke off", async () => {
  const lines = await from.get('/users/ana/export');
  const named = lines.filter(({ type }) => type === 'message').map(({ conversationId }) => conversationId);
  expect(new Set(named)).toEqual(new Set(['ana~ben', 'team']));
  expect(lines[0]).toMatchObject({ type: 'user', userId: 'ana', displayName: 'Ana' });
  expect(lines.filter(({ type, userId }) => type === 'user' && userId === 'ana')).toHaveLength(1);
  const inTeam = lines.filter(({ conversationId }) => conversationId === 'team');
  expect(inTeam.map((line) => line.from)).toEqual(['ana', 'ana']);
  expect(await from.get(`/users/ana/export?conversationId=team&after=${inTeam[0]?.messageId}`)).toEqual([
    lines[0],
    inTeam[1],
  ]);
});

test("a user's export has what they wrote in groups that they left long ago", async () => {
  const { deps, clock } = from.api;
  await from.put([
    { type: 'group', conversationId: 'former', owner: 'gus', name: 'Former', members: ['hal'], createdAt: OLD },
    {
      ...{ type: 'message', from: 'hal', conversationId: 'former', clientMessageId: 'f-1', sentAt: OLD + 1 },
      content: { text: 'I was here' },
    },
    { type: 'user', userId: 'hal' },
  ]);
  const leave = { conversationId: 'former', changeId: 'leave', change: 'leave', details: {}, by: 'hal' } as const;
  await deps.groups.apply({ ...leave, at: clock.now() }, DEFAULT_LIMITS);
  const later = vi.spyOn(clock, 'now').mockReturnValue(clock.now() + 40 * 24 * 3600 * 1000);
  const lines = await from.get('/users/hal/export');
  later.mockRestore();
  expect(lines).toMatchObject([{ type: 'user' }, { conversationId: 'former', from: 'hal' }]);
});

test('recalled messages, and those that a silent block kept from their receiver, are not exported; what is not there is not found', async () => {
  const { deps, store } = from.api;
  const recalled = await store('eve', 'fay', 'taken back');
  await deps.messages.apply([
    { ...recalled, action: { action: 'recall', by: 'eve', at: 1, revision: 1 }, node: 'test' },
  ]);
  expect(await from.get('/conversations/eve~fay/export')).toEqual([]);
  expect(await from.status('/conversations/nowhere/export')).toMatchObject([404, { code: 'not_found' }]);
  expect(await from.status('/conversations/nobody~nowhere/export')).toMatchObject([404, { code: 'not_found' }]);
  expect(await from.status('/users/nobody/export')).toMatchObject([404, { code: 'not_found' }]);
});

test('a user of the host application without a profile has their messages exported', async () => {
  await from.api.store('tokenonly', 'ana', 'Hello');
  expect(await from.get('/users/tokenonly/export')).toMatchObject([
    { type: 'user', userId: 'ana' },
    { type: 'message', from: 'tokenonly', content: { text: 'Hello' } },
  ]);
});

test('an export ends when its key is revoked', async () => {
  const { api } = from;
  const keyId = '5f0c7a1e9b3d2468';
  const headers = withKey(await makeKey(api, { keyId })).headers;
  const { messages } = api.deps;
  const { page } = messages;
  let pages = 0;
  messages.page = async (...args) => {
    if (++pages === 4) await api.deps.apiKeys.revoke(keyId, api.clock.now());
    return page.apply(messages, args);
  };
  const answer = api.app.inject({ url: '/api/server/conversations/ana~ben/export', headers });
  await expect(answer).rejects.toThrow();
  messages.page = page;
});

test('C16: four exports run side by side, and a fifth has to wait; one that fails or ends makes room', async () => {
  const { messages } = from.api.deps;
  const { page } = messages;
  const gate = Promise.withResolvers<void>();
  messages.page = async (...args) => {
    await gate.promise;
    return page.apply(messages, args);
  };
  for (let n = 0; n < 4; n++) expect(await from.status('/users/nobody/export')).toMatchObject([404, {}]);
  const four = Array.from({ length: 4 }, () =>
    from.get('/conversations/ana~ben/export?after=ffffffffffffffffffffffff'),
  );
  await expect.poll(() => from.status('/conversations/nowhere/export')).toMatchObject([503, { code: 'overloaded' }]);
  gate.resolve();
  expect(await Promise.all(four)).toHaveLength(4);
  messages.page = page;
  await expect.poll(() => from.status('/conversations/nowhere/export')).toMatchObject([404, { code: 'not_found' }]);
});
