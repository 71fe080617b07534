import { DEFAULT_STATE, type StateChange } from '@chasqui/domain';
import { expect, test, vi } from 'vitest';
import { fromBob, id } from '../testing/scripted-server.ts';
import { ScriptedTabs } from '../testing/scripted-tabs.ts';
import { aloneChannel, aloneLocks } from './alone.ts';

/** Of two tabs the second has marked a message of bob read. */
async function markedByFollower() {
  const tabs = new ScriptedTabs();
  const [a, b] = [await tabs.open(), await tabs.open()];
  tabs.server.login();
  tabs.server.socket.send(fromBob(1, { position: 1 }));
  await tabs.pass(20);
  b.client.markRead('bob');
  await tabs.pass(10);
  return { tabs, a, b };
}

test('whom any tab watches is watched; a tab that closes watches nobody any more', async () => {
  const tabs = new ScriptedTabs();
  const [a, b] = [await tabs.open(), await tabs.open()];
  tabs.server.login();
  a.client.subscribePresence(['bob', 'cid']);
  b.client.subscribePresence(['dee']);
  await tabs.pass(10);
  expect(tabs.server.got('presence_subscribe').at(-1)?.users).toEqual(['bob', 'dee', 'cid']);
  const seen: string[] = [];
  b.client.on('presence', ({ userId }) => seen.push(userId));
  tabs.server.socket.send({ type: 'presence', userId: 'bob', online: true, at: 1 });
  await tabs.pass(10);
  expect(seen).toEqual(['bob']);
  b.client.close();
  await tabs.pass(10);
  expect(tabs.server.got('presence_subscribe').at(-1)?.users).toEqual(['bob', 'cid']);
  expect(() => a.client.subscribePresence(Array.from({ length: 201 }, (_, i) => `u${i}`))).toThrow('at most 200');
});

test('C8: a tab marks what it has, and all tabs learn what is read', async () => {
  const { tabs, a, b } = await markedByFollower();
  const marks = tabs.server.got('ack').filter(({ state }) => state === 'read');
  expect(marks).toMatchObject([{ conversationId: 'amy~bob', messageIds: [id(1)] }]);
  const read = { type: 'read' as const, conversationId: 'amy~bob', upTo: id(1), at: 2, position: 2 };
  tabs.server.socket.send(read);
  await tabs.pass(10);
  for (const { client } of [a, b]) expect(client.conversation('bob').readUpTo).toBe(id(1));
});

test('C8: a mark that the leader took with it is sent by the next one, until the server has confirmed it', async () => {
  const { tabs, a, b } = await markedByFollower();
  a.client.close();
  await tabs.pass(10);
  tabs.server.login();
  await tabs.pass(10);
  const marks = () => tabs.server.got('ack').filter(({ state }) => state === 'read').length;
  expect(marks()).toBeGreaterThan(0);
  tabs.server.socket.send({ type: 'read', conversationId: 'amy~bob', upTo: id(1), at: 2, position: 2 });
  await tabs.pass(10);
  const c = await tabs.open();
  b.client.close();
  await tabs.pass(10);
  tabs.server.login();
  await tabs.pass(10);
  expect([c.client.conversation('bob').readUpTo, marks()]).toEqual([id(1), 0]);
});

test('a session that ended for good ends in all tabs; any of them begins another one for all', async () => {
  const tabs = new ScriptedTabs();
  const [a, b] = [await tabs.open(), await tabs.open()];
  tabs.server.login();
  await tabs.pass(10);
  const reasons: (string | undefined)[] = [];
  b.client.on('state', ({ state, reason }) => state === 'closed' && reasons.push(reason?.code));
  tabs.server.socket.close(4503);
  await tabs.pass(20_000);
  expect([a.client.state, b.client.state, tabs.server.sockets.length]).toEqual(['closed', 'closed', 1]);
  expect(reasons).toEqual(['session_replaced']);
  const again = b.client.connect();
  await tabs.pass(10);
  tabs.server.login();
  await tabs.pass(10);
  expect(await again).toEqual({ userId: 'amy' });
  expect([a.client.state, b.client.state, tabs.server.sockets.length]).toEqual(['online', 'online', 2]);
});

test('what the leader has not answered is asked of the next one', async () => {
  const tabs = new ScriptedTabs();
  const asked: StateChange[] = [];
  const never = (_: string, change: StateChange) => {
    asked.push(change);
    return new Promise<never>(() => undefined);
  };
  const a = await tabs.open({ sendState: never });
  const b = await tabs.open({
    sendState: async (_, change) => {
      asked.push(change);
      return { state: { pinnedAt: 7 } };
    },
  });
  tabs.server.login();
  await tabs.pass(10);
  const changed = b.client.setState({ conversationId: 'amy~bob', peer: 'bob' }, { pinnedAt: 7 });
  await tabs.pass(10);
  expect(b.client.conversation('bob').state.pinnedAt).toBe(7);
  a.page.crash();
  await tabs.pass(100);
  expect(await changed).toEqual({ ...DEFAULT_STATE, pinnedAt: 7 });
  expect(asked).toEqual([{ pinnedAt: 7 }, { pinnedAt: 7 }]);
});

test('any tab deletes messages for the user, and learns who has reacted', async () => {
  const asked: string[] = [];
  const page = { reactions: [{ userId: 'bob', emojis: ['👍'], at: 5 }] };
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, { method } = {}) => {
    asked.push(`${method} ${url}`);
    return Response.json(page);
  });
  try {
    const tabs = new ScriptedTabs();
    const api = { nodesUrl: 'http://chat.example/api/nodes', fetchNodes: async () => ['ws://one'] };
    await tabs.open(api);
    const { client } = await tabs.open(api);
    const answers = Promise.all([client.hide('bob', [id(1)]), client.reactors('bob', id(2), { emoji: '👍' })]);
    await tabs.pass(10);
    expect(await answers).toEqual([undefined, page]);
    const place = 'http://chat.example/api/conversations/amy~bob';
    expect(asked.toSorted()).toEqual([
      `GET ${place}/messages/${id(2)}/reactions?emoji=%F0%9F%91%8D`,
      `POST ${place}/hidden-messages`,
    ]);
  } finally {
    fetched.mockRestore();
  }
});

test('C6: a message is refused in the tab that sends it as by a client of its own', async () => {
  const tabs = new ScriptedTabs();
  await tabs.open();
  const b = await tabs.open();
  const sent = (text: string) => b.client.send({ to: 'bob', content: { text } });
  expect(sent('').error?.code).toBe('content_invalid');
  expect(sent('x'.repeat(40_000)).error?.code).toBe('content_too_large');
  expect(b.client.send({ to: 'amy', content: { text: 'to me' } }).error?.code).toBe('recipient_invalid');
  tabs.server.login();
  await tabs.pass(10);
  const refused = sent('to a stranger');
  await tabs.pass(10);
  const [frame] = tabs.server.got('chat');
  const ref = frame?.clientMessageId ?? '';
  tabs.server.socket.send({ type: 'error', code: 'blocked', message: 'blocked', retry: 'never', ref });
  await tabs.pass(10);
  await expect(refused.stored).rejects.toMatchObject({ code: 'blocked' });
  expect(b.client.conversation('bob').messages).toMatchObject([{ state: 'failed', refusal: 'blocked' }]);
});

test('where the browser has no locks, each tab has a client of its own, and leaves nothing either', async () => {
  const tabs = new ScriptedTabs();
  const alone = () => tabs.open({ locks: aloneLocks(), channel: aloneChannel });
  const a = await alone();
  tabs.server.login();
  await tabs.pass(10_000);
  tabs.server.socket.send(fromBob(1, { position: 1 }));
  await tabs.pass(20);
  expect(tabs.kept.kept.newest('amy~bob')).toHaveLength(1);
  await alone();
  expect(tabs.server.sockets).toHaveLength(2);
  tabs.server.sockets[0]?.close(4503);
  await tabs.pass(10);
  expect(a.client.state).toBe('closed');
  const done = a.client.forget();
  await tabs.pass(20);
  await done;
  expect(tabs.kept.kept.newest('amy~bob')).toEqual([]);
});
