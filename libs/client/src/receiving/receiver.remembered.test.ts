import { describe, expect, test } from 'vitest';
import { createClient, memoryStore } from '../index.ts';
import { online, stored } from '../testing/receiving-client.ts';
import { fromBob, id, ScriptedServer } from '../testing/scripted-server.ts';

describe('what is remembered of what was received', () => {
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
});
