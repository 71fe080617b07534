import type { ServerFrame } from '@chasqui/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { GROUP_CASES, type GroupCase, STANDINGS, type Standing } from './group-cases.ts';
import { RawSocket } from './raw-socket.ts';

/** What was sent while `former` was not in the group. */
const SECRET_WORDS = 'private words';
const FORBIDDEN: readonly Standing[] = ['stranger', 'former'];

let cluster: TestCluster;
let watcher: RawSocket;
let n = 0;

async function call(user: string, method: string, path: string, body?: object): Promise<void> {
  const response = await fetch(`${cluster.running.url}/api/groups${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await cluster.token(user)}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
}

async function logIn(user: string, node: number): Promise<RawSocket> {
  const socket = await RawSocket.open(cluster.running.connect[node - 1]?.wsUrl ?? '');
  socket.send({ type: 'login', token: await cluster.token(user), deviceId: `d${++n}`, groupsSince: 0 });
  await socket.next('login_ok');
  await socket.next('groups');
  return socket;
}

/** A message of the owner, stored. */
async function post(text: string): Promise<string> {
  using owner = await logIn('owner', 1);
  owner.send({ type: 'chat', clientMessageId: `post-${++n}`, conversationId: 'team', content: { text } });
  const { messageId } = await owner.next('server_ack');
  await watcher.next('stored_messages', ({ messages }) => messages.some((one) => one.messageId === messageId));
  return messageId;
}

beforeAll(async () => {
  cluster = await startTestCluster();
  const members = ['former', 'muted', 'plain', 'admin', 'watcher'];
  const settings = { history: 'since_join' };
  await call('owner', 'POST', '', { conversationId: 'team', name: 'Team', members, settings });
  await call('owner', 'PUT', '/team/members/admin/role', { role: 'admin' });
  await call('admin', 'PUT', '/team/members/muted/mute', { until: 9e15 });
  watcher = await logIn('watcher', 2);
  await post('for all');
  await call('admin', 'DELETE', '/team/members/former');
  await post(SECRET_WORDS);
}, 60_000);
afterAll(() => cluster[Symbol.asyncDispose]());

const typesOf = (frames: readonly ServerFrame[]) =>
  frames.map((frame) => (frame.type === 'error' ? frame.code : frame.type)).filter((type) => type !== 'server_ack');

async function tryAs(standing: Standing, { frame, answers, brings }: GroupCase): Promise<void> {
  const messageId = await post(`before ${standing}`);
  // On another node than the watcher, and after what the post brings.
  using socket = await logIn(standing, 1);
  await socket.settled(`ready-${n}`);
  await watcher.settled(`ready-${n}`);
  const expected = answers[standing];
  socket.send(frame(messageId, `case-${++n}`));
  if (expected !== null) {
    await expect.poll(() => typesOf(socket.frames), { timeout: 10_000 }).toContain(expected);
  }
  const own = await socket.settled(`own-${n}`);
  if (FORBIDDEN.includes(standing)) {
    expect(JSON.stringify(own.frames)).not.toContain(SECRET_WORDS);
    expect(own.frames.some(({ type }) => type === 'chat')).toBe(false);
  }
  if (expected === null) expect(own.frames.filter(({ type }) => type === 'error')).toEqual([]);
  const isBrought = expected === null || !(expected in ERRORS);
  const told = typesOf((await watcher.settled(`told-${n}`)).frames);
  expect(told.filter((type) => !(isBrought ? brings : []).includes(type))).toEqual([]);
}

const ERRORS: { readonly [code: string]: true } = {
  ...{ not_a_member: true, muted: true, not_allowed: true, recall_refused: true },
};

describe.each(Object.entries(GROUP_CASES))('C20: %s', (_, entry) => {
  test.each(STANDINGS)('as %s', (standing) => tryAs(standing, entry));
});

test('C20: who may type is shown to the others, and nobody else', async () => {
  const shown: string[] = [];
  for (const standing of STANDINGS) {
    using socket = await logIn(standing, 1);
    await watcher.settled(`typing-${++n}`);
    socket.send({ type: 'typing', conversationId: 'team' });
    await socket.settled(`typed-${n}`);
    // What is sent later comes later.
    await post('behind it');
    const { frames } = await watcher.settled(`shown-${n}`);
    shown.push(...frames.flatMap((frame) => (frame.type === 'typing' ? [frame.from] : [])));
  }
  expect(shown).toEqual(['plain', 'admin', 'owner']);
});

test('C20: a former member syncs what they could read, and not what came after', async () => {
  using socket = await logIn('former', 2);
  socket.send({ type: 'sync', conversationId: 'team', position: 0 });
  const { updates, caughtUp } = await socket.next('log_updates');
  const texts = updates.flatMap((update) => (update.type === 'chat' ? [update.content?.text] : []));
  expect([texts, caughtUp]).toEqual([['for all'], true]);
});
