import type { ServerFrameOf } from '@chasqui/protocol';
import { describe, expect, test } from 'vitest';
import { memoryStore } from '../index.ts';
import { head, inTeam, online, stored } from '../testing/group-client.ts';
import { id } from '../testing/scripted-server.ts';

type Notice = ServerFrameOf<'notice'>;

describe('an open group', () => {
  test('begins near the end of its log, and shows each message once, under its final id', () => {
    const { server, client, events, page, shown } = online([head({ head: 80 })]);
    client.openGroup('team');
    expect(server.got('sync')).toMatchObject([{ conversationId: 'team', position: 30, epoch: 'g1' }]);
    page([inTeam(1, { position: 79 }), inTeam(2, { position: 80 })]);
    server.socket.send(inTeam(3));
    server.socket.send(inTeam(4));
    server.socket.send(stored({ messageId: id(4), position: 81 }, { messageId: id(5), position: 82, replaces: id(3) }));
    expect(shown()).toEqual(['c1', 'c2', 'c4', 'c3']);
    expect(events).toEqual(['message c1', 'message c2', 'message c3?', 'message c4?']);
    server.clock.run(200);
    expect(server.got('sync')).toHaveLength(1);
    expect(server.got('ack')).toEqual([]);
  });

  test('C10: a gap in its positions is synced; what a page skips is not for this user', () => {
    const { server, client, page, shown } = online();
    client.openGroup('team');
    page([inTeam(1, { position: 1 })], { position: 2 });
    server.socket.send(stored({ messageId: id(4), position: 4 }));
    // The places of earlier messages may be on their way together.
    server.clock.run(300);
    expect(server.got('sync')).toHaveLength(1);
    server.clock.run(100);
    expect(server.got('sync').map(({ position }) => position)).toEqual([0, 2]);
    page([inTeam(4, { position: 4 })], { position: 5 });
    server.clock.run(30_000);
    expect(server.got('sync')).toHaveLength(2);
    expect(shown()).toEqual(['c1', 'c4']);
  });

  test('C6: after a restart the log continues where it was, and shows nothing again', () => {
    const store = memoryStore();
    const first = online([head()], { store });
    first.client.openGroup('team');
    first.page([inTeam(1, { position: 1 }), inTeam(2, { position: 2 })]);
    first.server.socket.send(inTeam(3));
    first.server.clock.run(10);
    first.client.close();
    const second = online(null, { store });
    second.client.openGroup('team');
    expect(second.server.got('sync')).toMatchObject([{ position: 2, epoch: 'g1' }]);
    second.page([inTeam(3, { position: 3 }), inTeam(4, { position: 4 })]);
    expect(second.events).toEqual(['message c4']);
    expect(second.shown()).toEqual(['c3', 'c4']);
  });

  test('a position that is far behind is given up for one near the end, and messages that do not join on are forgotten', () => {
    const { server, client, page, shown, list } = online();
    client.openGroup('team');
    page([inTeam(1, { position: 1 }), inTeam(2, { position: 2 })]);
    list([head({ head: 1_002 })], {});
    expect(server.got('sync').map(({ position }) => position)).toEqual([0, 2]);
    list([head({ head: 2_000 })], {});
    expect(server.got('sync').map(({ position }) => position)).toEqual([0, 2, 1_950]);
    expect(shown()).toEqual([]);
  });

  test('C10: in another epoch the log begins anew, from not too far before its end', () => {
    const { server, client, page, events, list } = online();
    client.openGroup('team');
    page([inTeam(1, { position: 1 }), inTeam(2, { position: 2 })]);
    list([head({ head: 2, epoch: 'g2' })], {});
    expect(server.got('sync')[1]).toMatchObject({ position: 0, epoch: 'g2' });
    page([inTeam(2, { position: 1 }), inTeam(3, { position: 2 })], { epoch: 'g2' });
    server.socket.send(inTeam(4, { position: 3 }));
    page([inTeam(4, { position: 1 })], { epoch: 'g3', reset: true });
    expect(events).toEqual(['message c1', 'message c2', 'message c3', 'message c4']);
  });

  test('what nothing confirms is synced after some seconds, and dropped when it is old; closing drops it at once', () => {
    const { server, client, page, events, pass } = online();
    client.openGroup('team');
    page([], { position: 2 });
    server.socket.send(inTeam(3));
    pass(10_000);
    expect(server.got('sync')).toHaveLength(2);
    page([], { position: 2 });
    pass(51_000);
    page([], { position: 2 });
    expect(events).toEqual(['message c3?', 'retract 3']);
    server.socket.send(inTeam(4));
    client.closeGroup('team');
    server.socket.send(inTeam(5));
    expect(events.slice(2)).toEqual(['message c4?', 'retract 4']);
  });

  test('C16: the one that was opened longest ago closes; positions of closed groups are bounded', () => {
    const store = memoryStore();
    const heads = ['a', 'b', 'c'].map((conversationId) => head({ conversationId }));
    const { server, client } = online(heads, { store, limits: { maxOpenGroups: 2, maxGroupPositions: 2 } });
    for (const group of ['a', 'b', 'a', 'c']) client.openGroup(group);
    expect(['a', 'b', 'c'].map((group) => client.group(group).isOpen)).toEqual([true, false, true]);
    server.clock.run(10);
    server.socket.close(1006);
    expect(store.keys().filter((key) => key.startsWith('log/'))).toEqual(['log/a', 'log/c']);
  });

  test('who may not read a log is told, and it closes', () => {
    const { server, client } = online();
    client.openGroup('team');
    const { ref = '' } = server.got('sync')[0] ?? {};
    server.socket.send({ type: 'error', code: 'not_a_member', message: '', retry: 'never', ref });
    expect(client.group('team').isOpen).toBe(false);
    server.clock.run(30_000);
    expect(server.got('sync')).toHaveLength(1);
  });

  test('notices stand in the order of the log; an admin removes a message, and it says who did', () => {
    const { server, client, page, events } = online();
    client.openGroup('team');
    const notice = { type: 'notice', conversationId: 'team', by: 'bob', at: 5 } as const;
    server.socket.send({ ...notice, notice: 'left', users: ['dan'], version: 5, position: 4 });
    const joined: Notice = { ...notice, notice: 'joined', users: ['dan'], version: 4, position: 3 };
    page([inTeam(1, { position: 1 }), inTeam(2, { position: 2 }), joined]);
    expect(client.group('team').notices.map(({ position }) => position)).toEqual([3, 4]);
    server.socket.send({ type: 'recall', conversationId: 'team', messageId: id(2), by: 'zoe', at: 6, position: 5 });
    expect(client.group('team').messages[1]).toMatchObject({ content: {}, recalledAt: 6, recalledBy: 'zoe' });
    expect(client.group('team').head).toMatchObject({ preview: '', unread: 1 });
    expect(events).toEqual(['left 5', 'message c1', 'message c2', 'joined 4']);
    server.socket.send({ type: 'sync_needed' });
    const { content: _, ...removed } = inTeam(3, { position: 6 });
    page([{ ...removed, recalledAt: 7, recalledBy: 'zoe' }], { position: 6 });
    expect(client.group('team').messages[2]).toMatchObject({ content: {}, recalledAt: 7, recalledBy: 'zoe' });
  });
});
