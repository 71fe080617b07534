import { defined } from '@chasqui/domain';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { RawSocket } from '../hostile/raw-socket.ts';
import { change } from '../journeys/devices.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
}, 60_000);
afterAll(() => cluster[Symbol.asyncDispose]());

const logIn = async (user: string, node = 1) =>
  RawSocket.loggedIn(cluster.running.connect[node - 1]?.wsUrl ?? '', await cluster.token(user), `phone-${node}`);

interface Named {
  conversationId: string;
  messageId: string;
}

type Outcome = Named & { code?: string; field?: string };

let sent = 0;

/** What becomes of a frame of this user: the stored message's names, or the error's code and field. */
async function send(user: string, fields: object): Promise<Outcome> {
  using socket = await logIn(user);
  // A busy machine may not know of a new group at once.
  for (let tries = 1; ; tries++) {
    const outcome = await sendOnce(socket, fields);
    if (outcome.retry !== 'backoff' || tries === 20) return outcome;
  }
}

async function sendOnce(socket: RawSocket, fields: object): Promise<Outcome & { retry?: string }> {
  const clientMessageId = `m${++sent}`;
  socket.send({ type: 'chat', clientMessageId, ...fields });
  const isAnswer = ({ type }: { type: string }) => type === 'server_ack' || type === 'error';
  await expect.poll(() => socket.frames.some(isAnswer), { timeout: 10_000 }).toBe(true);
  const [answer] = socket.frames.splice(0).filter(isAnswer);
  const { conversationId, messageId, ...fault } = answer as unknown as Outcome & { retry?: string };
  return { conversationId, messageId, ...defined({ code: fault.code, field: fault.field, retry: fault.retry }) };
}

const forwardOf = ({ conversationId, messageId }: Named, fields: object = {}) => ({
  forwardOf: { conversationId, messageId, ...fields },
});

const stored = async ({ conversationId, messageId }: Named) =>
  (await cluster.running.engines.messages.get([{ conversationId, messageId }]))[0];

async function fails(user: string, named: Named, to: object = { to: `${user}-friend` }) {
  const { code, field } = await send(user, { ...to, ...forwardOf(named) });
  return [code, field];
}

const NOT_FOUND = ['message_not_found', 'forwardOf'];

test('a message of any kind is forwarded with its first author, or without, and nobody learns where it was', async () => {
  const content = {
    text: 'here',
    data: { deep: [1, { a: null }] },
    location: { latitude: 1.5, longitude: -2, name: 'Quay' },
    contact: { userId: 'zoe', name: 'Zoë' },
  };
  const first = await send('ana', { to: 'bob', content });
  const { sentAt } = (await stored(first)) ?? {};
  using cid = await logIn('cid', 2);
  const second = await send('bob', { to: 'cid', ...forwardOf(first) });
  const forwarded = { from: 'ana', at: sentAt };
  const live = await cid.next('chat');
  expect(live).toMatchObject({ from: 'bob', content, forwarded });
  expect(JSON.stringify(live)).not.toContain('ana~bob');
  expect(JSON.stringify(live)).not.toContain(first.messageId);
  const third = await send('cid', { to: 'dan', ...forwardOf(second) });
  expect(await stored(third)).toMatchObject({ content, forwarded, from: 'cid' });
  const plain = await send('cid', { to: 'eli', ...forwardOf(second, { withOrigin: false }) });
  const shown = await stored(plain);
  expect(shown?.content).toEqual(content);
  expect(shown).not.toHaveProperty('forwarded');
  const again = await send('eli', { to: 'fay', ...forwardOf(plain) });
  expect((await stored(again))?.forwarded).toEqual({ from: 'cid', at: shown?.sentAt });
});

test('its sender is told with the first ack what was sent; mentions are not carried', async () => {
  await change(cluster, 'ana', 'POST', '/api/groups', { conversationId: 'f1', name: 'One', members: ['bob'] });
  const first = await send('ana', { conversationId: 'f1', content: { text: 'look @bob' }, mentions: ['bob'] });
  using bob = await logIn('bob');
  bob.send({ type: 'chat', clientMessageId: 'ack', conversationId: 'f1', ...forwardOf(first) });
  expect(await bob.next('send_ack')).toMatchObject({
    content: { text: 'look @bob' },
    forwarded: { from: 'ana', at: expect.any(Number) },
  });
  const { messageId } = await bob.next('server_ack');
  expect(await stored({ conversationId: 'f1', messageId })).not.toHaveProperty('mentions');
});

test('C20: what one may not see is forwarded by nobody, with the error of what does not exist', async () => {
  const named = await send('ana', { to: 'bob', content: { text: 'a secret' } });
  expect(await fails('bob', { conversationId: 'ana~bob', messageId: '0'.repeat(24) })).toEqual(NOT_FOUND);
  expect(await fails('eve', named)).toEqual(NOT_FOUND);
  expect(await fails('bob', { ...named, conversationId: 'bob~eve' })).toEqual(NOT_FOUND);
  expect(await fails('bob', { ...named, conversationId: 'no-such-group' })).toEqual(NOT_FOUND);

  await change(cluster, 'ana', 'POST', '/api/groups', { conversationId: 'f2', name: 'Two', members: ['bob', 'mut'] });
  await change(cluster, 'ana', 'PATCH', '/api/groups/f2', { settings: { history: 'since_join' } });
  const early = await send('ana', { conversationId: 'f2', content: { text: 'early' } });
  await change(cluster, 'ana', 'POST', '/api/groups/f2/members', { users: ['new'] });
  await change(cluster, 'ana', 'DELETE', '/api/groups/f2/members/bob');
  await change(cluster, 'ana', 'PUT', '/api/groups/f2/members/mut/mute', { until: Date.now() + 3_600_000 });
  const late = await send('ana', { conversationId: 'f2', content: { text: 'late' } });
  const may = async (user: string) => [(await fails(user, early))[0] ?? 'sent', (await fails(user, late))[0] ?? 'sent'];
  expect({
    stranger: await may('eve'),
    newcomer: await may('new'),
    former: await may('bob'),
    muted: await may('mut'),
    member: await may('ana'),
  }).toEqual({
    stranger: ['message_not_found', 'message_not_found'],
    newcomer: ['message_not_found', 'sent'],
    former: ['sent', 'message_not_found'],
    muted: ['sent', 'sent'],
    member: ['sent', 'sent'],
  });
  // Where they may not write, they may not forward to.
  const into = { conversationId: 'f2' };
  expect([
    (await fails('eve', late, into))[0],
    (await fails('bob', early, into))[0],
    (await fails('mut', late, into))[0],
  ]).toEqual(['not_a_member', 'not_a_member', 'muted']);
});

test('who is blocked forwards to nobody who blocks them, and what they have seen to others', async () => {
  const named = await send('ana', { to: 'blo', content: { text: 'before' } });
  await cluster.running.engines.blocks.block('ana', 'blo', 1);
  expect((await send('blo', { to: 'gus', ...forwardOf(named) })).code).toBeUndefined();
  using blo = await logIn('blo', 2);
  blo.send({ type: 'chat', clientMessageId: 'b', to: 'ana', ...forwardOf(named) });
  expect((await blo.next('error')).code).toBe('blocked');
});

test('what was recalled, hidden or cleared is forwarded no more; an edit is forwarded as it reads now', async () => {
  const written = (to: string) => send('ana', { to, content: { text: `to ${to}` } });
  const [recalled, hidden, cleared, edited] = [
    await written('r0'),
    await written('r1'),
    await written('r2'),
    await written('r3'),
  ];
  using ana = await logIn('ana', 2);
  ana.send({ ...recalled, type: 'recall' });
  await ana.next('recall');
  expect(await fails('ana', recalled)).toEqual(NOT_FOUND);
  const { conversationId } = hidden;
  const hide = { messageIds: [hidden.messageId] };
  await change(cluster, 'r1', 'POST', `/api/conversations/${conversationId}/hidden-messages`, hide);
  expect(await fails('r1', hidden)).toEqual(NOT_FOUND);
  expect((await fails('ana', hidden))[0]).toBeUndefined();
  const state = { clearedUpTo: cleared.messageId };
  await change(cluster, 'r2', 'PATCH', `/api/conversations/${cleared.conversationId}/state`, state);
  expect(await fails('r2', cleared)).toEqual(NOT_FOUND);
  const { messageId } = edited;
  ana.send({
    type: 'action',
    action: 'edit',
    conversationId: edited.conversationId,
    messageId,
    content: { text: 'new' },
  });
  await ana.next('action');
  expect(await stored(await send('ana', { to: 'gus', ...forwardOf(edited) }))).toMatchObject({
    content: { text: 'new' },
  });
});

test('nobody edits what another one is said to have written; a forward without its origin is the sender’s own', async () => {
  const named = await send('ana', { to: 'bob', content: { text: 'words' } });
  const [shown, own] = [
    await send('bob', { to: 'cid', ...forwardOf(named) }),
    await send('bob', { to: 'cid', ...forwardOf(named, { withOrigin: false }) }),
  ];
  using bob = await logIn('bob', 2);
  const edit = { type: 'action', action: 'edit', content: { text: 'other words' } };
  bob.send({ ...edit, conversationId: 'bob~cid', messageId: shown.messageId, ref: 'r' });
  expect(await bob.next('error')).toMatchObject({ code: 'action_refused', ref: 'r' });
  bob.send({ ...edit, conversationId: 'bob~cid', messageId: own.messageId });
  expect(await bob.next('action')).toMatchObject({ content: { text: 'other words' } });
  bob.send({ type: 'recall', conversationId: 'bob~cid', messageId: shown.messageId });
  await bob.next('recall');
  const history = await fetch(`${cluster.running.url}/api/conversations/bob~cid/messages/${shown.messageId}`, {
    headers: { authorization: `Bearer ${await cluster.token('cid')}` },
  });
  const body = await history.json();
  expect(body).toMatchObject({ recalledBy: 'bob' });
  expect(body).not.toHaveProperty('forwarded');
});

test('C4: the same forward under the same id is one message, also when what it forwards was recalled meanwhile', async () => {
  const named = await send('ana', { to: 'bob', content: { text: 'soon gone' } });
  using bob = await logIn('bob', 2);
  const frame = { type: 'chat', clientMessageId: 'again', to: 'hal', ...forwardOf(named), resend: true };
  bob.send(frame);
  const { messageId } = await bob.next('server_ack');
  using ana = await logIn('ana');
  ana.send({ ...named, type: 'recall' });
  await ana.next('recall');
  using hal = await logIn('hal');
  bob.send(frame);
  expect(await bob.next('server_ack')).toMatchObject({ messageId });
  expect(hal.frames.filter(({ type }) => type === 'chat')).toEqual([]);
  bob.send({ ...frame, ...forwardOf(named, { withOrigin: false }) });
  expect(await bob.next('error')).toMatchObject({ code: 'client_message_id_reused' });
  bob.send({ ...frame, clientMessageId: 'other' });
  expect(await bob.next('error')).toMatchObject({ code: 'message_not_found', ref: 'other' });
  expect(await stored({ conversationId: 'bob~hal', messageId })).toMatchObject({ content: { text: 'soon gone' } });
});

test('C15: a message has content, or names what it forwards, and never says itself that it was forwarded', async () => {
  const named = { conversationId: 'ana~bob', messageId: '0'.repeat(24) };
  const cases: [object, string, string][] = [
    [{}, 'invalid_frame', 'content'],
    [{ content: { text: 'x' }, ...forwardOf(named) }, 'invalid_frame', 'forwardOf'],
    [forwardOf({ ...named, messageId: 'x' }), 'invalid_frame', 'forwardOf.messageId'],
    [forwardOf(named, { from: 'ana' }), 'invalid_frame', 'forwardOf.from'],
    [{ content: { text: 'x' }, forwarded: { from: 'ana', at: 1 } }, 'invalid_frame', 'forwarded'],
  ];
  for (const [fields, code, field] of cases)
    expect(await send('ana', { to: 'bob', ...fields })).toMatchObject({ code, field });
});
