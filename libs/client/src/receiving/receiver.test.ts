import type { ServerFrameOf } from '@chasqui/protocol';
import { describe, expect, test } from 'vitest';
import { createClient, memoryStore } from '../index.ts';
import { fromBob, id, ScriptedServer } from '../testing/scripted-server.ts';

function stored(n: number, position: number, replaces?: string): ServerFrameOf<'stored'> {
  const frame = { type: 'stored', messageId: id(n), conversationId: 'amy~bob', position } as const;
  return replaces === undefined ? frame : { ...frame, replaces };
}

function online(more: Parameters<ScriptedServer['options']>[0] = {}) {
  const server = new ScriptedServer();
  const client = createClient(server.options(more));
  const events: string[] = [];
  client.on('message', ({ message, index, provisional }) => {
    events.push(`message ${message.clientMessageId} at ${index}${provisional ? '?' : ''}`);
  });
  client.on('update', ({ message, index, previousIndex }) => {
    events.push(`update ${message.clientMessageId} ${previousIndex}>${index}`);
  });
  client.on('retract', ({ messageId }) => events.push(`retract ${messageId.slice(-1)}`));
  client.on('error', (error) => events.push(`error ${error.code}`));
  client.connect().catch(() => undefined);
  server.login();
  return { server, client, events };
}

describe('receiving', () => {
  test('C6: a live message is shown once, confirmed by `stored`, acked and then confirmed by position', () => {
    const { server, client, events } = online();
    server.socket.send(fromBob(1));
    server.socket.send(fromBob(1));
    server.socket.send(stored(1, 1));
    server.socket.send(fromBob(1, { position: 1 }));
    expect(events).toEqual(['message c1 at 0?', 'update c1 0>0']);
    expect(client.conversation('bob').messages[0]?.provisional).toBe(false);
    expect(server.got('ack')).toEqual([]);
    server.clock.run(5);
    expect(server.got('ack').map(({ messageIds }) => new Set(messageIds))).toEqual([new Set([id(1)])]);
    server.clock.run(1_000);
    expect(server.got('confirm_messages_synced').map(({ position, epoch }) => [position, epoch])).toEqual([[1, 'e1']]);
  });

  test('a burst is acked in one frame per conversation', () => {
    const { server } = online();
    for (const n of [1, 2, 3]) server.socket.send(fromBob(n));
    server.clock.run(5);
    expect(server.got('ack').map(({ messageIds }) => messageIds)).toEqual([[id(1), id(2), id(3)]]);
  });

  test('C5: messages stand in the order of their ids, whatever order they come in', () => {
    const { server, client, events } = online();
    for (const n of [2, 4, 3, 1]) server.socket.send(fromBob(n));
    expect(events).toEqual(['message c2 at 0?', 'message c4 at 1?', 'message c3 at 1?', 'message c1 at 0?']);
    expect(client.conversation('bob').messages.map(({ messageId }) => messageId)).toEqual([1, 2, 3, 4].map(id));
  });

  test('C6: one message under a second id is one message; `replaces` says which id it keeps', () => {
    const { server, client, events } = online();
    server.socket.send(fromBob(3));
    server.socket.send(fromBob(5, { clientMessageId: 'c3' }));
    server.socket.send(fromBob(4));
    server.socket.send(stored(2, 1, id(5)));
    expect(events).toEqual(['message c3 at 0?', 'message c4 at 1?', 'update c3 0>0']);
    expect(client.conversation('bob').messages.map(({ messageId }) => messageId)).toEqual([id(2), id(4)]);
  });

  test('a retract takes a provisional message away, and a message that comes again is shown again', () => {
    const { server, client, events } = online();
    const retract = { type: 'retract', messageId: id(1), conversationId: 'amy~bob' } as const;
    server.socket.send(fromBob(1));
    server.socket.send(retract);
    expect(client.conversation('bob').messages).toEqual([]);
    server.socket.send(fromBob(1));
    server.socket.send(stored(1, 1));
    server.socket.send(retract);
    expect(events).toEqual(['message c1 at 0?', 'retract 1', 'message c1 at 0?', 'update c1 0>0']);
  });

  test('C7: a message of which a receipt has come was stored after all: no retract takes it away', () => {
    const { server, client, events } = online();
    server.socket.send({ ...fromBob(1), from: 'amy', to: 'bob' });
    const receipt = { type: 'receipt', state: 'delivered', conversationId: 'amy~bob', by: 'bob', at: 2 } as const;
    server.socket.send({ ...receipt, messageIds: [id(1)], position: 2 });
    server.socket.send({ type: 'retract', messageId: id(1), conversationId: 'amy~bob' });
    server.socket.send({ ...fromBob(3), from: 'amy', to: 'bob', clientMessageId: 'c1' });
    server.socket.send(stored(1, 1, id(3)));
    expect(events).toEqual(['message c1 at 0?', 'update c1 0>0', 'update c1 0>0']);
    expect(client.conversation('bob').messages).toMatchObject([
      { messageId: id(1), state: 'delivered', provisional: false },
    ]);
  });

  test('a retract of one of two ids leaves the message under the other', () => {
    const { server, client, events } = online();
    server.socket.send(fromBob(3));
    server.socket.send(fromBob(5, { clientMessageId: 'c3' }));
    server.socket.send({ type: 'retract', messageId: id(3), conversationId: 'amy~bob' });
    expect(events).toEqual(['message c3 at 0?', 'update c3 0>0']);
    expect(client.conversation('bob').messages.map(({ messageId }) => messageId)).toEqual([id(5)]);
  });

  test('C10: a message that was stored and never came is fetched, after a moment', () => {
    const { server, events } = online();
    server.socket.send(stored(1, 1));
    expect(server.got('sync_offline_messages')).toEqual([]);
    server.clock.run(100);
    expect(server.got('sync_offline_messages').map(({ position, epoch }) => [position, epoch])).toEqual([[0, 'e1']]);
    server.page({ updates: [fromBob(1, { position: 1 })], position: 1 });
    expect(events).toEqual(['message c1 at 0']);
  });

  test('C10: a gap that closes by itself costs no sync', () => {
    const { server } = online();
    server.socket.send(stored(1, 1));
    server.socket.send(fromBob(1));
    server.socket.send({ type: 'read', conversationId: 'amy~bob', upTo: id(1), at: 1, position: 3 });
    server.socket.send({ type: 'read', conversationId: 'amy~bob', upTo: id(1), at: 1, position: 2 });
    server.clock.run(1_100);
    expect(server.got('sync_offline_messages')).toEqual([]);
    expect(server.got('confirm_messages_synced').at(-1)?.position).toBe(3);
  });

  test('C10: pages are asked for until caught up; no progress means a back-off', () => {
    const { server } = online();
    const asked = () => server.got('sync_offline_messages').map(({ position }) => position);
    server.socket.send({ type: 'sync_needed' });
    server.page({ updates: [fromBob(1, { position: 1 })], position: 1, caughtUp: false });
    expect(asked()).toEqual([0, 1]);
    server.page({ position: 1, caughtUp: false });
    expect(asked()).toEqual([0, 1]);
    server.clock.run(500);
    expect(asked()).toEqual([0, 1, 1]);
    const ref = server.got('sync_offline_messages').at(-1)?.ref ?? '';
    server.socket.send({ type: 'error', code: 'store_unavailable', message: '', retry: 'backoff', ref });
    server.clock.run(1_000);
    expect(asked()).toEqual([0, 1, 1, 1]);
  });

  test('a sync without an answer is asked again', () => {
    const { server } = online();
    server.socket.send({ type: 'sync_needed' });
    server.clock.run(11_000);
    expect(server.got('sync_offline_messages')).toHaveLength(2);
  });

  test('C10 C6: a reset goes on from where the server says and shows nothing twice', () => {
    const { server, events } = online();
    for (const n of [1, 2]) server.socket.send(fromBob(n, { position: n }));
    server.socket.send({ type: 'sync_needed' });
    const updates = [fromBob(2, { position: 1 }), fromBob(3, { position: 2 })];
    server.page({ updates, position: 2, epoch: 'e2', reset: true });
    expect(events).toEqual(['message c1 at 0', 'message c2 at 1', 'message c3 at 2']);
    server.clock.run(1_000);
    expect(server.got('confirm_messages_synced').at(-1)).toMatchObject({ position: 2, epoch: 'e2' });
    server.socket.send({ type: 'sync_needed' });
    expect(server.got('sync_offline_messages').at(-1)).toMatchObject({ position: 2, epoch: 'e2' });
  });

  test('C10: another epoch is a reset, also where the server does not say so', () => {
    const { server } = online();
    for (const n of [1, 2]) server.socket.send(fromBob(n, { position: n }));
    server.clock.run(1_100);
    expect(server.got('confirm_messages_synced')).toHaveLength(1);
    server.socket.send({ type: 'sync_needed' });
    server.page({ updates: [fromBob(3, { position: 1 })], position: 1, epoch: 'e2' });
    expect(server.got('confirm_messages_synced').at(-1)).toMatchObject({ position: 1, epoch: 'e2' });
  });

  test('a message stored at a position that has passed means another log: the client looks at once', () => {
    const { server } = online();
    server.socket.send(fromBob(1, { position: 1 }));
    server.socket.send(stored(9, 1));
    expect(server.got('sync_offline_messages')).toHaveLength(1);
  });

  test('a provisional message that no sync confirms is dropped after its grace; one of an earlier connection sooner', () => {
    const { server, events } = online();
    server.socket.send(fromBob(1));
    server.clock.run(30_000);
    server.socket.send({ type: 'sync_needed' });
    server.page({});
    expect(events).toEqual(['message c1 at 0?']);
    server.clock.run(30_000);
    server.page({});
    expect(events.at(-1)).toBe('retract 1');
    server.socket.send(fromBob(2));
    server.socket.close(1006);
    server.clock.run(300);
    server.login();
    expect(events.at(-1)).toBe('message c2 at 0?');
    server.clock.run(5_000);
    server.page({});
    expect(events.at(-1)).toBe('retract 2');
  });

  test('C16: beyond the bound of provisional messages one is left to the inbox', () => {
    const { server, events } = online({ limits: { maxProvisional: 1 } });
    server.socket.send(fromBob(1));
    server.socket.send(fromBob(2));
    expect(events).toEqual(['message c1 at 0?']);
    server.clock.run(5);
    expect(server.got('ack').map(({ messageIds }) => messageIds)).toEqual([[id(1)]]);
    server.socket.send(fromBob(2, { position: 1 }));
    expect(events.at(-1)).toBe('message c2 at 1');
    server.socket.send(fromBob(9, { position: 9 }));
    expect(events.at(-1)).toBe('message c2 at 1');
    server.clock.run(100);
    expect(server.got('sync_offline_messages').map(({ position }) => position)).toEqual([1]);
  });

  test('C6: what came live ahead of a long backlog is not shown again when the backlog has passed', () => {
    const { server, events } = online({ limits: { maxShown: 4, maxAhead: 4 } });
    const shown = () => events.filter((event) => event.startsWith('message'));
    server.socket.send({ type: 'sync_needed' });
    for (const n of [41, 42, 43, 44, 45, 46]) {
      server.socket.send(fromBob(n));
      server.socket.send(stored(n, n));
    }
    expect(shown()).toHaveLength(6);
    for (let from = 0; from < 50; from += 10) {
      const updates = Array.from({ length: 10 }, (_, i) => fromBob(from + i + 1, { position: from + i + 1 }));
      server.page({ updates, position: from + 10, caughtUp: from === 40 });
    }
    expect(shown()).toHaveLength(50);
    expect(new Set(shown().map((event) => event.split(' ')[1])).size).toBe(50);
  });

  test('C6: of what was shown, the newest is remembered, also when an old log comes anew', () => {
    const { server, events } = online({ limits: { maxShown: 4 } });
    const log = Array.from({ length: 20 }, (_, i) => fromBob(i + 1, { position: i + 1 }));
    for (const update of log) server.socket.send(update);
    server.clock.run(10);
    server.socket.send({ type: 'sync_needed' });
    for (const half of [log.slice(0, 10), log.slice(10)]) {
      server.page({ updates: half, position: half.at(-1)?.position ?? 0, epoch: 'e2', caughtUp: half[0] !== log[0] });
    }
    const again = events.slice(20).filter((event) => event.startsWith('message'));
    expect(again.some((event) => /c(17|18|19|20) /.test(event))).toBe(false);
  });

  test('C16: what the position covers is forgotten beyond the bound, in the store too, over restarts and resets', () => {
    const store = memoryStore();
    const kept = () => store.keys().filter((key) => key.startsWith('shown/')).length;
    const { server, client } = online({ store, limits: { maxShown: 4 } });
    const show = (from: number, to: number, place: number) => {
      for (let n = from; n <= to; n++) server.socket.send(fromBob(n, { position: place + n - from }));
      server.clock.run(10);
    };
    show(1, 9, 1);
    expect(kept()).toBe(4);
    server.socket.send(fromBob(10, { position: 99 }));
    server.socket.send({ type: 'sync_needed' });
    server.page({ position: 0, epoch: 'e2' });
    show(11, 19, 1);
    expect(kept()).toBe(4);
    server.socket.send(fromBob(30));
    client.close();
    const again = online({ store, limits: { maxShown: 1, maxProvisional: 2 } });
    again.server.socket.send(fromBob(31));
    expect(again.events).toEqual(['message c31 at 0?']);
    again.client.close();
    expect(kept()).toBe(3);
  });

  test('C6: after a restart nothing is shown again, and the position is kept', () => {
    const store = memoryStore();
    const first = online({ store });
    first.server.socket.send(fromBob(1, { position: 1 }));
    first.server.socket.send(fromBob(3, { position: 3 }));
    first.server.socket.send(fromBob(4));
    first.client.close();
    const second = online({ store });
    expect(second.server.got('login')[0]).toMatchObject({ position: 1, epoch: 'e1' });
    second.server.socket.send({ type: 'sync_needed' });
    const updates = [2, 3, 4].map((n) => fromBob(n, { position: n }));
    second.server.page({ updates, position: 4 });
    expect(second.events).toEqual(['message c2 at 0', 'update c3 -1>1', 'update c4 -1>2']);
  });

  test('the store of another user is not used: neither position nor messages', async () => {
    const store = memoryStore();
    const first = online({ store });
    first.server.socket.send(fromBob(1, { position: 1 }));
    first.client.send({ to: 'bob', content: { text: 'amy writes' } });
    first.client.close();
    const server = new ScriptedServer();
    const client = createClient(server.options({ store }));
    const [left] = client.outgoing();
    client.connect().catch(() => undefined);
    server.login({}, 'zoe');
    await expect(left?.queued).rejects.toMatchObject({ code: 'forged_sender' });
    expect(server.got('chat')).toEqual([]);
    server.clock.run(300);
    server.login({}, 'zoe');
    expect(server.got('login')[0]?.position).toBe(0);
    expect(client.conversations()).toEqual([]);
    expect(store.keys().filter((key) => key.startsWith('out/'))).toEqual([]);
  });

  test('own messages from another device are shown once too, and acked by nobody', () => {
    const { server, client, events } = online();
    server.socket.send({ ...fromBob(1), from: 'amy', to: 'bob' });
    server.clock.run(10);
    expect(events).toEqual(['message c1 at 0?']);
    expect(client.conversation('bob').messages[0]?.mine).toBe(true);
    expect(server.got('ack')).toEqual([]);
  });

  test('a recall empties the message, and the promise of the one who recalled resolves', async () => {
    const { server, client } = online();
    server.socket.send({ ...fromBob(1, { position: 1 }), from: 'amy', to: 'bob' });
    const done = client.recall('bob', id(1));
    expect(server.got('recall')).toMatchObject([{ conversationId: 'amy~bob', messageId: id(1) }]);
    const notice = {
      type: 'recall',
      conversationId: 'amy~bob',
      messageId: id(1),
      by: 'amy',
      at: 5,
      position: 2,
    } as const;
    server.socket.send(notice);
    await done;
    expect(client.conversation('bob').messages[0]).toMatchObject({ content: {}, recalledAt: 5 });
    const refused = client.recall('bob', id(2));
    const { ref = '' } = server.got('recall')[1] ?? {};
    server.socket.send({ type: 'error', code: 'recall_refused', message: '', retry: 'never', ref });
    await expect(refused).rejects.toMatchObject({ code: 'recall_refused' });
  });

  test('C10: what is said about a moment is passed on once, live or by a sync, and moves the position', () => {
    const { server, client } = online();
    const told: object[] = [];
    client.on('moment', (event) => told.push(event));
    const notice = (position: number) =>
      ({ type: 'moment', momentId: id(9), event: 'like', by: `u${position}`, at: 5, position }) as const;
    server.socket.send(notice(1));
    server.socket.send(notice(1));
    server.socket.send(notice(3));
    server.clock.run(200);
    const { ref = '' } = server.got('sync_offline_messages').at(-1) ?? {};
    const comment = { ...notice(4), event: 'comment', commentId: id(10) } as const;
    const updates = [notice(2), notice(3), comment];
    server.socket.send({ type: 'offline_messages', updates, position: 4, epoch: 'e1', caughtUp: true, ref });
    const like = (n: number) => ({ momentId: id(9), event: 'like', by: `u${n}`, at: 5 });
    expect(told).toEqual([like(1), like(3), like(2), { ...like(4), event: 'comment', commentId: id(10) }]);
    server.clock.run(2_000);
    expect(server.got('confirm_messages_synced').at(-1)).toMatchObject({ position: 4 });
  });

  test('C10: the page of a reset brings what is said about moments', () => {
    const { server, client } = online();
    const told: string[] = [];
    client.on('moment', ({ by }) => told.push(by));
    const notice = (position: number) =>
      ({ type: 'moment', momentId: id(9), event: 'like', by: `u${position}`, at: 5, position }) as const;
    server.socket.send({ type: 'sync_needed' });
    const { ref = '' } = server.got('sync_offline_messages').at(-1) ?? {};
    const page = { updates: [notice(7), notice(8)], position: 8, epoch: 'e2', caughtUp: true, reset: true, ref };
    server.socket.send({ type: 'offline_messages', ...page });
    server.socket.send(notice(8));
    server.socket.send(notice(9));
    expect(told).toEqual(['u7', 'u8', 'u9']);
  });

  test('updates of a type that this version does not know are passed over, and their positions count', () => {
    const { server, client, events } = online();
    const errors: object[] = [];
    client.on('error', (error) => errors.push(error));
    const strange = (position: number) => ({ type: 'from the future', position }) as never;
    server.socket.send(strange(1));
    server.socket.send(fromBob(2, { position: 2 }));
    server.clock.run(200);
    const { ref = '' } = server.got('sync_offline_messages').at(-1) ?? {};
    const updates = [strange(1), fromBob(2, { position: 2 }), strange(3)];
    server.socket.send({ type: 'offline_messages', updates, position: 3, epoch: 'e1', caughtUp: true, ref });
    server.clock.run(2_000);
    expect(events.filter((event) => event.startsWith('message'))).toHaveLength(1);
    expect(errors).toEqual([]);
    expect(server.got('confirm_messages_synced').at(-1)).toMatchObject({ position: 3 });
  });

  test('C8: what was read is told to the server, again after a reconnect, until the server says so itself', () => {
    const { server, client } = online();
    server.socket.send(fromBob(1, { position: 1 }));
    server.socket.send(fromBob(2, { position: 2 }));
    const reads = () => server.got('ack').filter(({ state }) => state === 'read');
    client.markRead('bob');
    client.markRead('bob', id(1));
    expect(reads().map(({ messageIds }) => messageIds)).toEqual([[id(2)]]);
    server.socket.close(1006);
    server.clock.run(300);
    server.login();
    expect(reads()).toHaveLength(1);
    server.socket.send({ type: 'read', conversationId: 'amy~bob', upTo: id(2), at: 1, position: 3 });
    expect(client.conversation('bob').readUpTo).toBe(id(2));
    server.socket.send({ type: 'sync_needed' });
    server.page({ position: 3 });
    client.markRead('bob');
    expect(reads()).toHaveLength(1);
  });

  test('C16: a conversation keeps its newest messages, and the least recent conversation leaves', () => {
    const { server, client, events } = online({ limits: { maxMessages: 2, maxConversations: 1 } });
    for (const n of [2, 3, 4]) server.socket.send(fromBob(n));
    server.socket.send(fromBob(1));
    expect(client.conversation('bob').messages.map(({ messageId }) => messageId)).toEqual([id(3), id(4)]);
    expect(events.at(-1)).toBe('message c1 at -1?');
    client.conversation('carol');
    expect(client.conversations().map(({ peer }) => peer)).toEqual(['carol']);
  });

  test('C16: over all conversations a bounded number of messages is kept; the conversation in use stays', () => {
    const { server, client } = online({ limits: { maxKeptCharacters: 700 } });
    const from = (peer: string, n: number) => fromBob(n, { from: peer, conversationId: `amy~${peer}` });
    for (const n of [1, 2]) server.socket.send(from('bob', n));
    server.socket.send(from('carol', 3));
    expect(client.conversations().map(({ messages }) => messages.length)).toEqual([2, 1]);
    server.socket.send(from('carol', 4));
    expect(client.conversations().map(({ peer, messages }) => [peer, messages.length])).toEqual([['carol', 2]]);
    for (const n of [5, 6, 7]) server.socket.send(from('carol', n));
    expect(client.conversation('carol').messages).toHaveLength(5);
  });

  test('what the server sends in vain harms nothing', () => {
    const { server, client, events } = online();
    server.socket.send({ type: 'of_the_future' } as never);
    server.socket.send(fromBob(1, { conversationId: 'x~y' }));
    server.socket.send({ type: 'error', code: 'too_fast', message: '', retry: 'backoff' });
    expect(events).toEqual(['error not_a_member', 'error too_fast']);
    expect(client.state).toBe('online');
  });
});
