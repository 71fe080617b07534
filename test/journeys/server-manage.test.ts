import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { change, get, openDevice, until } from './devices.ts';
import { serverApi } from './server-api.ts';

let cluster: TestCluster;
let call: Awaited<ReturnType<typeof serverApi>>;
beforeAll(async () => {
  cluster = await startTestCluster({ nodes: 2 });
  call = await serverApi(cluster);
}, 180_000);
afterAll(() => cluster?.[Symbol.asyncDispose](), 180_000);

const as = (userId: string) => ({ 'chasqui-actor': userId });
const send = async (from: string, address: object, words: string): Promise<string> => {
  const asked = { from, ...address, clientMessageId: words.replaceAll(' ', '-'), content: { text: words } };
  const { status, body } = await call('POST', '/messages', asked);
  expect([status, body.state], JSON.stringify(body)).toEqual([200, 'stored']);
  return body.messageId;
};

test('C18: a group is managed as any user, and by the system, which is no member', { timeout: 120_000 }, async () => {
  const group = { conversationId: 'team', name: 'Team', members: ['ben'], settings: { add: 'admins' } };
  expect(await call('POST', '/groups', group)).toMatchObject({
    ...{ status: 403, body: { error: { code: 'not_allowed', field: 'chasqui-actor' } } },
  });
  expect(await call('POST', '/groups', group, as('ana'))).toMatchObject({
    status: 201,
    body: { group: { owner: 'ana' } },
  });
  using ben = await openDevice(cluster, { user: 'ben', node: 2 });
  ben.client.openGroup('team');
  const add = { users: ['cat'] };
  expect(await call('POST', '/groups/team/members', add, as('ben'))).toMatchObject({
    body: { error: { code: 'not_allowed' } },
  });
  expect(await call('POST', '/groups/team/members', add)).toMatchObject({ status: 200, body: { added: ['cat'] } });
  expect(await call('PATCH', '/groups/team', { name: 'Renamed', settings: { post: 'admins' } })).toMatchObject({
    status: 200,
    body: { name: 'Renamed', memberCount: 3 },
  });
  await until(() => ben.client.group('team').head?.name === 'Renamed', 'ben sees the name');
  expect((await call('POST', '/groups/team/transfer', { userId: 'cat' })).status).toBe(204);
  const { body } = await call('GET', '/groups/team/members');
  const roles = body.members.map(({ userId, role }: { userId: string; role: string }) => `${userId} ${role}`);
  expect(roles).toEqual(['cat owner', 'ana admin', 'ben member']);
  expect(await call('GET', '/groups/team')).toMatchObject({ body: { owner: 'cat' } });
  expect((await call('GET', '/groups/team')).body.role).toBeUndefined();
  expect((await call('DELETE', '/groups/team/members/ben')).status).toBe(204);
  await until(() => ben.client.group('team').head?.role === undefined, 'ben is out');
  for (const path of ['/groups/nowhere', '/groups/nowhere/members', '/conversations/nowhere/messages']) {
    expect(await call('GET', path), path).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
    expect(await call('GET', path, undefined, as('eve')), path).toMatchObject({
      ...{ status: 403, body: { error: { code: 'not_a_member' } } },
    });
  }
  for (const path of ['leave']) {
    expect(await call('POST', `/groups/team/${path}`)).toMatchObject({ body: { error: { code: 'not_allowed' } } });
  }
});

test('every conversation is read and searched, as the system or as a user', { timeout: 120_000 }, async () => {
  await call('POST', '/groups', { conversationId: 'readers', name: 'Readers', members: ['ben'] }, as('ana'));
  const direct = await send('ana', { to: 'ben' }, 'needle one');
  const inGroup = await send('ana', { conversationId: 'readers' }, 'needle two');
  const history = async (id: string) => (await call('GET', `/conversations/${id}/messages`)).body.messages;
  expect(await history('ana~ben')).toMatchObject([{ messageId: direct, content: { text: 'needle one' } }]);
  expect(await history('readers')).toMatchObject([{ messageId: inGroup }]);
  expect(await call('GET', '/conversations/ana~ben/messages', undefined, as('eve'))).toMatchObject({ status: 403 });
  const hits = async (query: string, headers = {}) =>
    (await call('GET', `/messages/search?q=needle${query}`, undefined, headers)).body.hits.map(
      ({ messageId }: { messageId: string }) => messageId,
    );
  await until(async () => (await hits('')).length === 2, 'both are found');
  expect(await hits('&conversationId=readers')).toEqual([inGroup]);
  expect(await hits('', as('eve'))).toEqual([]);
  expect(await call('GET', '/messages/unread-count', undefined, as('ben'))).toMatchObject({ body: { total: 2 } });
  const listed = (await call('GET', '/conversations', undefined, as('ben'))).body.conversations;
  const ids = listed.map(({ conversationId }: { conversationId: string }) => conversationId);
  expect(ids).toEqual(expect.arrayContaining(['ana~ben', 'readers']));
  expect(await call('GET', `/messages/${direct}/trace`)).toMatchObject({
    status: 200,
    body: { from: 'ana', to: 'ben' },
  });
});

test('a message is deleted for everybody, whoever sent it, in direct conversations and groups', {
  timeout: 120_000,
}, async () => {
  await call('POST', '/groups', { conversationId: 'gone', name: 'Gone', members: ['ben'] }, as('ana'));
  using ben = await openDevice(cluster, { user: 'ben', node: 1 });
  ben.client.openGroup('gone');
  const direct = await send('ana', { to: 'ben' }, 'delete me');
  const inGroup = await send('ana', { conversationId: 'gone' }, 'delete me too');
  await until(() => ben.shown.includes('delete me too') && ben.shown.includes('delete me'), 'ben sees both');
  for (const [id, messageId] of [
    ['ana~ben', direct],
    ['gone', inGroup],
  ]) {
    const path = `/conversations/${id}/messages/${messageId}`;
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('DELETE', path)).status).toBe(204);
    const page = await get<{ messages: { messageId: string; content?: object; recalledAt?: number }[] }>(
      ...([cluster, 'ben', `/api/conversations/${id}/messages`] as const),
    );
    const shown = page.messages.find((one) => one.messageId === messageId);
    expect([shown?.content, shown?.recalledAt]).toEqual([undefined, expect.any(Number)]);
  }
  await until(
    () => ben.client.group('gone').messages.some((one) => one.messageId === inGroup && one.recalledAt !== undefined),
    'ben is told',
  );
  expect(await call('DELETE', `/conversations/gone/messages/${'0'.repeat(24)}`)).toMatchObject({ status: 404 });
  expect(await change(cluster, 'ben', 'GET', '/api/server/users')).toBe(401);
  const audit = await cluster.running.engines.auditLog.page({ limit: 50 });
  expect(audit.filter(({ action }) => action === 'delete_message').map(({ detail }) => detail)).toContain(
    `ana~ben ${direct}`,
  );
});
