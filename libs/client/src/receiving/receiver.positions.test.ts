import { describe, expect, test } from 'vitest';
import { online, stored } from '../testing/receiving-client.ts';
import { fromBob, id } from '../testing/scripted-server.ts';

describe('the positions of what is received', () => {
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
});
