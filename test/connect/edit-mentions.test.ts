import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { RawSocket } from '../hostile/raw-socket.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
}, 60_000);
afterAll(() => cluster[Symbol.asyncDispose]());

async function call(user: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(new URL(path, cluster.running.url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${await cluster.token(user)}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(answer.ok, await answer.clone().text()).toBe(true);
  return answer.json();
}
async function logIn(user: string, deviceId: string, place: number, groupsSince: number): Promise<RawSocket> {
  const socket = await RawSocket.open(nodeOf(place));
  socket.send({ type: 'login', token: await cluster.token(user), deviceId, groupsSince });
  await socket.next('login_ok');
  return socket;
}
const nodeOf = (place: number) => cluster.running.connect[place]?.wsUrl ?? '';
const mentionsOf = async (user: string) =>
  ((await call(user, '/api/messages/unread-count')) as { mentions: object }).mentions;

test('C21: whom an edit mentions learns it live, after login and from counts, until they have read it', async () => {
  const conversationId = 'team';
  await call('ana', '/api/groups', { conversationId, name: 'Team', members: ['bob', 'cat'] });
  using ana = await logIn('ana', 'phone', 0, 0);
  using bob = await logIn('bob', 'phone', 1, 0);
  ana.send({ type: 'chat', clientMessageId: 'c', conversationId, content: { text: 'who?' }, mentions: ['cat'] });
  const { messageId } = await ana.next('server_ack');
  const stored = Date.now();
  await expect.poll(() => Date.now()).toBeGreaterThan(stored + 5);
  const since = Date.now();
  const about = { type: 'action', action: 'edit', conversationId, messageId } as const;
  ana.send({ ...about, actionId: 'e', content: { text: '@Bob, @Cat' }, mentions: ['bob', 'cat'] });
  const told = { action: 'edit', content: { text: '@Bob, @Cat' }, mentions: ['cat', 'bob'], revision: 1 };
  expect(await bob.next('action')).toMatchObject(told);
  expect(await mentionsOf('bob')).toEqual({ [conversationId]: 1 });
  expect(await mentionsOf('cat')).toEqual({ [conversationId]: 1 });
  using again = await logIn('bob', 'laptop', 0, since);
  const heads = await again.next('groups');
  expect(heads).toMatchObject({ groups: [{ conversationId, unread: 1, mentions: 1 }] });
  bob.send({ type: 'ack', state: 'read', conversationId, messageIds: [messageId] });
  await bob.next('read');
  expect(await mentionsOf('bob')).toEqual({});
  const history = await call('bob', `/api/conversations/${conversationId}/messages`);
  expect(history).toMatchObject({ messages: [{ messageId, mentions: ['cat', 'bob'] }] });
});
