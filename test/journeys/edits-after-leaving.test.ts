import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { RawSocket } from '../hostile/raw-socket.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
}, 120_000);
afterAll(() => cluster?.[Symbol.asyncDispose](), 180_000);

async function call(as: string, method: string, path: string, body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${await cluster.token(as)}`, 'content-type': 'application/json' };
  const answer = await fetch(`${cluster.running.url}${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(answer.status, path).toBeLessThan(300);
  return answer.status === 204 ? undefined : answer.json();
}

const logIn = async (user: string) =>
  RawSocket.loggedIn(cluster.running.connect[0]?.wsUrl ?? '', await cluster.token(user), 'phone');

test('C20: what is written into a message after somebody was removed reaches them in no way', async () => {
  await call('ann', 'POST', '/api/groups', { conversationId: 'team', name: 'Team', members: ['bob', 'cat'] });
  using ann = await logIn('ann');
  using bob = await logIn('bob');
  const say = async (key: string, text: string, fields: object = {}) => {
    ann.send({ type: 'chat', clientMessageId: key, conversationId: 'team', content: { text }, ...fields });
    return (await ann.next('server_ack')).messageId;
  };
  const location = { latitude: 1, longitude: 2 };
  const [one, answered] = [await say('1', 'first', { content: { text: 'first', location } }), await say('2', 'second')];
  const answer = await say('3', 'answer', { replyTo: { messageId: answered } });
  await call('ann', 'DELETE', '/api/groups/team/members/bob');
  for (const messageId of [one, answered, answer]) {
    ann.send({ type: 'action', action: 'edit', conversationId: 'team', messageId, content: { text: 'a secret' } });
  }
  const found = async (user: string) =>
    ((await call(user, 'GET', '/api/messages/search?q=secret')) as { hits: object[] }).hits.length;
  await expect.poll(() => found('cat'), { timeout: 10_000 }).toBe(3);
  bob.send({ type: 'sync', conversationId: 'team', position: 0, ref: 's' });
  const seen = {
    synced: await bob.next('log_updates'),
    history: await call('bob', 'GET', '/api/conversations/team/messages'),
    alone: await call('bob', 'GET', `/api/conversations/team/messages/${one}`),
    list: await call('bob', 'GET', '/api/conversations'),
    found: await found('bob'),
  };
  expect(JSON.stringify(seen)).not.toContain('secret');
  expect(seen.found).toBe(0);
  // Who left may still know that there were messages, and what of them no edit changes.
  const theirs = seen.history as { messages: { messageId: string; content?: object; quoted?: object }[] };
  expect(theirs.messages.map(({ messageId }) => messageId)).toEqual([answer, answered, one]);
  expect(theirs.messages[2]?.content).toEqual({ location });
  expect(theirs.messages[0]?.quoted).toMatchObject({ messageId: answered, kind: 'empty' });
  expect(JSON.stringify(await call('cat', 'GET', '/api/conversations'))).toContain('a secret');
});
