import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { change, get, openDevice, until } from './devices.ts';
import { serverApi } from './server-api.ts';

let cluster: TestCluster;
let call: Awaited<ReturnType<typeof serverApi>>;
beforeAll(async () => {
  // By gRPC, as between processes.
  cluster = await startTestCluster({ nodes: 2, direct: false });
  call = await serverApi(cluster);
}, 180_000);
afterAll(() => cluster?.[Symbol.asyncDispose](), 180_000);

const text = (words: string) => ({ content: { text: words } });
const send = (body: object) => call('POST', '/messages', body);

test('C2, C4, C6: a message of a bot is shown once; a resend gets the first id, other content is refused', {
  timeout: 120_000,
}, async () => {
  using ana = await openDevice(cluster, { user: 'ana', node: 1 });
  const body = { from: 'bot', to: 'ana', clientMessageId: 'one', ...text('hello') };
  const first = await send(body);
  expect(first).toEqual({
    status: 200,
    body: { state: 'stored', messageId: expect.any(String), conversationId: 'ana~bot' },
  });
  expect(await send(body)).toEqual(first);
  expect(await send({ ...body, wait: 'queued' })).toMatchObject({ body: { messageId: first.body.messageId } });
  expect(await send({ ...body, ...text('other') })).toMatchObject({
    status: 409,
    body: { error: { code: 'client_message_id_reused', retry: 'never' } },
  });
  await until(() => ana.shown.length === 1, 'ana sees it');
  const { messages } = await get<{ messages: object[] }>(cluster, 'ana', '/api/conversations/ana~bot/messages');
  expect(messages).toMatchObject([{ from: 'bot', messageId: first.body.messageId, content: { text: 'hello' } }]);
});

test('a key that forwards for a user reads as well: it needs both scopes, and the system forwards nothing', {
  timeout: 120_000,
}, async () => {
  const first = await send({ from: 'fay', to: 'gil', clientMessageId: 'f', ...text('to be forwarded') });
  const { conversationId, messageId } = first.body;
  const body = { to: 'hal', clientMessageId: 'g', forwardOf: { conversationId, messageId } };
  const forward = await send({ from: 'gil', ...body });
  expect(forward).toMatchObject({ status: 200, body: { state: 'stored' } });
  expect(await send({ from: 'gil', ...body })).toEqual(forward);
  const [stored] = await cluster.running.engines.messages.get([forward.body]);
  expect(stored).toMatchObject({ content: { text: 'to be forwarded' }, forwarded: { from: 'fay' } });
  for (const from of ['system', 'eve'])
    expect(await send({ from, ...body })).toMatchObject({
      ...{ status: 404, body: { error: { code: 'message_not_found', field: 'forwardOf' } } },
    });
  const sendsOnly = await serverApi(cluster, ['messages:send']);
  const missing = { status: 403, body: { error: { code: 'scope_missing', field: 'messages:read' } } };
  expect(await sendsOnly('POST', '/messages', { from: 'gil', ...body })).toMatchObject(missing);
  const none = { from: 'gil', to: 'hal', clientMessageId: 'n' };
  expect(await send(none)).toMatchObject({ status: 400, body: { error: { field: 'content' } } });
  expect(await send({ ...none, ...body, ...text('x') })).toMatchObject({ body: { error: { field: 'forwardOf' } } });
});

test('blocks bind users and bots, not the system', { timeout: 120_000 }, async () => {
  for (const other of ['bot', 'system']) await change(cluster, 'cat', 'PUT', `/api/blocks/${other}`);
  const body = { to: 'cat', clientMessageId: 'blocked', ...text('hello') };
  expect(await send({ from: 'bot', ...body })).toMatchObject({ status: 403, body: { error: { code: 'blocked' } } });
  expect(await send({ from: 'system', ...body })).toMatchObject({ status: 200, body: { state: 'stored' } });
});

test('C18: into a group go messages of members and of the system alone, in one order', {
  timeout: 120_000,
}, async () => {
  const group = { conversationId: 'team', name: 'Team', members: ['ben'], settings: { post: 'admins' } };
  expect(await change(cluster, 'ana', 'POST', '/api/groups', group)).toBe(201);
  using ben = await openDevice(cluster, { user: 'ben', node: 2 });
  ben.client.openGroup('team');
  const to = (from: string, words: string) =>
    send({ from, conversationId: 'team', clientMessageId: words, ...text(words) });
  expect(await to('bot', 'no')).toMatchObject({ status: 403, body: { error: { code: 'not_a_member' } } });
  expect(await to('ben', 'no')).toMatchObject({ status: 403, body: { error: { code: 'not_allowed' } } });
  expect(await to('ana', 'first')).toMatchObject({ status: 200, body: { conversationId: 'team', state: 'stored' } });
  expect(await to('system', 'second')).toMatchObject({ status: 200, body: { state: 'stored' } });
  await until(() => ben.shown.includes('second'), 'ben sees the message of the system');
  await until(() => ben.client.group('team').head?.unread === 2, 'both count as unread');
  expect(await send({ from: 'system', conversationId: 'nowhere', clientMessageId: 'x', ...text('x') })).toMatchObject({
    ...{ status: 404, body: { error: { code: 'not_found', message: expect.stringContaining('no such group') } } },
  });
});

test('C5: a batch of a hundred is stored in its order, and each message has its outcome', {
  timeout: 120_000,
}, async () => {
  const messages = Array.from({ length: 100 }, (_, n) => ({
    ...{ from: n % 2 ? 'bot' : 'system', to: 'dan', clientMessageId: `b${n}` },
    ...text(n === 50 ? 'x'.repeat(40_000) : `message ${n}`),
  }));
  const { status, body } = await call('POST', '/messages/batch', { messages });
  expect([status, body.outcomes.length]).toEqual([200, 100]);
  expect(body.outcomes[50]).toMatchObject({ error: { code: 'content_too_large', field: 'content' } });
  for (const [from, odd] of [
    ['bot', 1],
    ['system', 0],
  ] as const) {
    const page = await get<{ messages: { content: { text: string } }[] }>(
      ...([
        cluster,
        'dan',
        `/api/conversations/${from < 'dan' ? `${from}~dan` : `dan~${from}`}/messages?limit=100`,
      ] as const),
    );
    const shown = page.messages.map((one) => Number(one.content.text.slice(8))).reverse();
    expect(shown).toEqual(Array.from({ length: 50 }, (_, n) => 2 * n + odd).filter((n) => n !== 50));
  }
});

test('C15: what is wrong with a send is named', { timeout: 120_000 }, async () => {
  const body = { from: 'bot', clientMessageId: 'wrong', ...text('hello') };
  const cases: [object, number, string, string][] = [
    [body, 400, 'invalid_request', 'to'],
    [{ ...body, to: 'ana', conversationId: 'team' }, 400, 'invalid_request', 'conversationId'],
    [{ ...body, to: 'bot' }, 422, 'recipient_invalid', 'to'],
    [{ ...body, to: 'ana', mentions: ['ana'] }, 400, 'mention_invalid', 'mentions'],
    [{ ...body, conversationId: 'ana~ben' }, 403, 'not_a_member', 'conversationId'],
  ];
  for (const [asked, status, code, field] of cases) {
    expect(await send(asked)).toMatchObject({ status, body: { error: { code, field } } });
  }
  const twice = await call('POST', '/messages/batch', { messages: [body, body].map((one) => ({ ...one, to: 'ana' })) });
  expect(twice).toMatchObject({ status: 400, body: { error: { field: 'messages.1.clientMessageId' } } });
  await cluster.running.engines.revocations.disable('bot', 1);
  expect(await send({ ...body, to: 'ana' })).toMatchObject({
    status: 403,
    body: { error: { code: 'forbidden', field: 'from' } },
  });
});
