import { DEFAULT_STATE, type SparseState, type StateChange } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { apiCall } from '../connection/api-call.ts';
import { createClient, type SendState } from '../index.ts';
import { fromBob, id, ScriptedServer } from '../testing/scripted-server.ts';
import { stateSender } from './send-state.ts';

type Asked = PromiseWithResolvers<Awaited<ReturnType<SendState>>> & { conversationId: string; changes: StateChange };

/** Amy's client; `asked` has the changes that it sent, for the test to answer. */
function online(isNamed = true) {
  const server = new ScriptedServer();
  const asked: Asked[] = [];
  const client = createClient(
    server.options({
      sendState(conversationId, changes) {
        const call = { ...Promise.withResolvers<Awaited<ReturnType<SendState>>>(), conversationId, changes };
        asked.push(call);
        return call.promise;
      },
    }),
  );
  const events: SparseState[] = [];
  client.on('conversation_state', ({ state }) => events.push(state));
  client.connect().catch(() => undefined);
  if (isNamed) server.login();
  const shown = () => client.conversation('bob').state;
  return { server, client, asked, events, shown };
}

function update(state: SparseState, position: number): ServerFrameOf<'conversation_state'> {
  return { type: 'conversation_state', conversationId: 'amy~bob', state, position };
}

test('a change shows at once, is sent, and stands as the server answers it', async () => {
  const { client, asked, events, shown } = online();
  const changed = client.setState('bob', { pinnedAt: 7 });
  expect(shown()).toMatchObject({ pinnedAt: 7 });
  expect(asked.map(({ conversationId, changes }) => [conversationId, changes])).toEqual([['amy~bob', { pinnedAt: 7 }]]);
  asked[0]?.resolve({ state: { pinnedAt: 7, archived: true, changedAt: 5 }, position: 1 });
  expect(await changed).toEqual({ ...DEFAULT_STATE, pinnedAt: 7, archived: true, changedAt: 5 });
  expect(shown()).toEqual(await changed);
  expect(events.map(({ archived }) => archived)).toEqual([false, true]);
});

test('a change that is refused, or never answered, is taken back, and what others changed meanwhile stays', async () => {
  const { server, client, asked, shown } = online();
  const refused = client.setState('bob', { draft: 'x', archived: true });
  server.socket.send(update({ pinnedAt: 7 }, 1));
  expect(shown()).toMatchObject({ draft: 'x', archived: true, pinnedAt: 7 });
  asked[0]?.reject(new TypeError('fetch failed'));
  await expect(refused).rejects.toMatchObject({ code: 'connection_closed' });
  expect(shown()).toEqual({ ...DEFAULT_STATE, pinnedAt: 7 });
  const late = client.setState('bob', { draft: 'y' });
  server.clock.run(10_000);
  await expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
  expect(shown()).toEqual({ ...DEFAULT_STATE, pinnedAt: 7 });
});

test('C16: one change is on its way; those made meanwhile are the next one, in their order', async () => {
  const { client, asked, shown } = online();
  const all = ['a', 'ab', 'abc'].map((draft) => client.setState('bob', { draft }));
  const pinned = client.setState('bob', { pinnedAt: 7 });
  expect(asked).toHaveLength(1);
  expect(shown()).toMatchObject({ draft: 'abc', pinnedAt: 7 });
  asked[0]?.resolve({ state: { draft: 'a', changedAt: 1 }, position: 1 });
  await all[0];
  expect(shown()).toMatchObject({ draft: 'abc', pinnedAt: 7 });
  expect(asked.map(({ changes }) => changes)).toEqual([{ draft: 'a' }, { draft: 'abc', pinnedAt: 7 }]);
  asked[1]?.resolve({ state: { draft: 'abc', pinnedAt: 7, changedAt: 2 }, position: 2 });
  expect(await pinned).toMatchObject({ draft: 'abc', pinnedAt: 7 });
});

test('C10: updates of other devices stand in the order of their positions, live or by a sync, and advance the inbox', () => {
  const { server, events, shown } = online();
  server.socket.send(update({ draft: 'new' }, 2));
  expect(shown()).toMatchObject({ draft: 'new' });
  server.clock.run(100);
  server.page({ updates: [update({ draft: 'old' }, 1), update({ draft: 'new' }, 2)], position: 2 });
  expect(shown()).toMatchObject({ draft: 'new' });
  expect(events).toHaveLength(1);
  server.clock.run(1_000);
  expect(server.got('confirm_messages_synced').at(-1)).toMatchObject({ position: 2 });
  // Another log: its positions begin anew.
  server.socket.close(4_001);
  server.clock.run(20_000);
  server.login({ updates: [update({ archived: true }, 1)], position: 1, epoch: 'e2', reset: true });
  expect(shown()).toMatchObject({ archived: true, draft: '' });
});

test('an answer that comes after a newer update changes nothing', async () => {
  const { server, client, asked, shown } = online();
  const changed = client.setState('bob', { draft: 'mine' });
  server.socket.send(update({ draft: 'mine' }, 1));
  server.socket.send(update({ draft: 'theirs' }, 2));
  asked[0]?.resolve({ state: { draft: 'mine' }, position: 1 });
  expect(await changed).toMatchObject({ draft: 'mine' });
  expect(shown()).toMatchObject({ draft: 'theirs' });
});

test('C10: an answer from a log that was replaced meanwhile does not hold back the updates of the new one', async () => {
  const { server, client, asked, shown } = online();
  const changed = client.setState('bob', { draft: 'mine' });
  server.socket.close(4_001);
  server.clock.run(5_000);
  server.login({ updates: [update({ draft: 'new log' }, 1)], position: 1, epoch: 'e2', reset: true });
  asked[0]?.resolve({ state: { draft: 'mine' }, position: 40 });
  await changed;
  expect(shown()).toMatchObject({ draft: 'new log' });
  server.socket.send(update({ draft: 'newer' }, 2));
  expect(shown()).toMatchObject({ draft: 'newer' });
});

test('C10: an answer that comes with the first page stands only above what the page has', async () => {
  const { server, client, asked, shown } = online(false);
  server.login();
  server.socket.close(4_001);
  const changed = client.setState('bob', { draft: 'mine' });
  server.clock.run(5_000);
  server.login({ updates: [update({ draft: 'mine' }, 1), update({ draft: 'theirs' }, 2)], position: 2 });
  asked[0]?.resolve({ state: { draft: 'mine' }, position: 1 });
  await changed;
  expect(shown()).toMatchObject({ draft: 'theirs' });
});

test('C8: reading something newer undoes what was marked as unread, unless that was set later', () => {
  const { server, shown } = online();
  const read = (n: number, position: number) =>
    server.socket.send({ type: 'read', conversationId: 'amy~bob', upTo: id(n), at: 1, position });
  server.socket.send(fromBob(1, { position: 1 }));
  server.socket.send(update({ markedUnread: true, draft: 'x' }, 2));
  server.socket.send(fromBob(2, { position: 3 }));
  expect(shown().markedUnread).toBe(true);
  read(2, 4);
  expect(shown()).toMatchObject({ markedUnread: false, draft: 'x' });
  server.socket.send(update({ markedUnread: true }, 8));
  read(3, 7);
  expect(shown().markedUnread).toBe(true);
});

test('what the application learned by HTTP stands until the inbox tells more', async () => {
  const { server, client, shown } = online();
  client.giveState('bob', { pinnedAt: 7 });
  expect(shown()).toMatchObject({ pinnedAt: 7 });
  server.socket.send(update({}, 1));
  client.giveState('bob', { pinnedAt: 7 });
  expect(shown()).toEqual(DEFAULT_STATE);
});

test('before the first login a conversation has no id to change', async () => {
  const { client, asked } = online(false);
  await expect(client.setState('bob', { archived: true })).rejects.toMatchObject({ code: 'not_logged_in' });
  expect(asked).toEqual([]);
});

test('without an API to ask, the change says so', async () => {
  await expect(stateSender(apiCall('', () => 'jwt'))('amy~bob', {})).rejects.toMatchObject({
    code: 'connection_closed',
  });
});
