import type { ServerFrameOf } from '@chasqui/protocol';
import { describe, expect, test } from 'vitest';
import { createClient, memoryStore } from '../index.ts';
import { head, inTeam, online, read } from '../testing/group-client.ts';
import { id, ScriptedServer } from '../testing/scripted-server.ts';

type Notice = ServerFrameOf<'notice'>;

describe('the list', () => {
  test('the login asks for all groups first, then, also after a restart, for those with news since', () => {
    const store = memoryStore();
    const first = online([head()], { store });
    expect(first.server.got('login')[0]).toMatchObject({ groupsSince: 0 });
    expect(first.client.groups().map(({ head: shown }) => shown)).toEqual([head()]);
    first.client.close();
    const second = online(null, { store });
    expect(second.server.got('login')[0]).toMatchObject({ groupsSince: 100 });
    expect(second.client.group('team').head).toEqual(head());
  });

  test('page follows page; the cursor is kept once all have come', () => {
    const { server, client, list } = online(null);
    let ended = 0;
    client.on('groups', () => ended++);
    const before = { updatedAt: 2, conversationId: 'team' };
    list([head()], { before });
    expect(server.got('groups')).toMatchObject([{ since: 0, before }]);
    server.socket.close(1006);
    server.clock.run(300);
    server.login();
    expect(server.got('login')[0]).toMatchObject({ groupsSince: 0 });
    list([head()], { before });
    list([head({ conversationId: 'other', updatedAt: 1 })], { cursor: 90 });
    expect(ended).toBe(1);
    expect(client.groups().map(({ conversationId }) => conversationId)).toEqual(['team', 'other']);
    server.socket.close(1006);
    server.clock.run(300);
    server.login();
    expect(server.got('login')[0]).toMatchObject({ groupsSince: 100 });
  });

  test('C18, C21: a message whose refusal overtook it is neither shown nor counted; what the log has is', () => {
    const { server, client, counts, shown } = online();
    client.openGroup('team');
    server.socket.send({ type: 'retract', messageId: id(3), conversationId: 'team' });
    server.socket.send(inTeam(3));
    expect([shown(), counts()]).toEqual([[], [1, 0]]);
    server.socket.send(inTeam(3, { position: 3 }));
    expect([shown(), counts()]).toEqual([['c3'], [2, 0]]);
  });

  test('C21: a message that an open group drops, as its log never had it, counts no more', () => {
    const { server, client, counts, page, pass, shown } = online();
    client.openGroup('team');
    page([], { position: 2 });
    server.socket.send(inTeam(3));
    expect([shown(), counts()]).toEqual([['c3'], [2, 0]]);
    for (let syncs = 0; syncs < 10 && shown().length > 0; syncs++) {
      pass(15_000);
      page([], { position: 2 });
    }
    expect([shown(), counts()]).toEqual([[], [1, 0]]);
  });

  test('C21: what comes live counts once, until the server counts; own messages do not count', () => {
    const { server, counts, list, client } = online();
    const mine = { from: 'amy', mentions: 'all' } as const;
    const all = [
      inTeam(3),
      inTeam(3),
      inTeam(4, { mentions: ['amy'] }),
      inTeam(5, mine),
      inTeam(6, { mentions: 'all' }),
    ];
    for (const frame of all) server.socket.send(frame);
    expect(counts()).toEqual([4, 2]);
    expect(client.group('team').head).toMatchObject({ lastMessageId: id(6), lastFrom: 'bob', preview: 'text 6' });
    expect(client.group('team').messages).toEqual([]);
    list([head({ lastMessageId: id(4), unread: 3, mentions: 1 })], {});
    expect(counts()).toEqual([4, 2]);
    server.socket.send({ type: 'retract', messageId: id(6), conversationId: 'team' });
    expect(counts()).toEqual([3, 1]);
  });

  test('C16 C21: however many messages come between two counts of the server, each counts once', () => {
    const { server, counts, list } = online();
    for (let n = 3; n < 103; n++) server.socket.send(inTeam(n, { mentions: n % 2 ? ['amy'] : 'all' }));
    server.socket.send(inTeam(3));
    expect(counts()).toEqual([101, 100]);
    list([head({ lastMessageId: id(101), unread: 100, mentions: 99 })], {});
    expect(counts()).toEqual([101, 100]);
  });

  test('C21: a mark at the end leaves nothing unread; one before it is counted by the server', () => {
    const { server, counts, list, client } = online([head({ unread: 5 })]);
    server.socket.send(inTeam(3));
    server.socket.send(read(3, 1));
    expect(counts()).toEqual([0, 0]);
    server.socket.send(inTeam(4));
    expect(counts()).toEqual([1, 0]);
    list([head({ lastMessageId: id(9), readUpTo: id(3), unread: 6 })], {});
    server.socket.send(read(5, 2));
    expect(client.group('team').head?.readUpTo).toBe(id(5));
    server.clock.run(500);
    expect(server.got('groups')).toMatchObject([{ since: 1 }]);
    list([head({ lastMessageId: id(9), readUpTo: id(5), unread: 4 })]);
    expect(counts()).toEqual([4, 0]);
  });

  test('a notice changes the head, each once; what is not told by it is asked for', () => {
    const { server, client, events } = online();
    const notice = { type: 'notice', conversationId: 'team', by: 'bob', at: 5 } as const;
    const joined: Notice = { ...notice, notice: 'joined', users: ['carol', 'dan'], version: 4, position: 3 };
    server.socket.send(joined);
    server.socket.send({ ...notice, notice: 'updated', values: { name: 'Crew' }, version: 5, position: 4 });
    server.socket.send(joined);
    expect(client.group('team').head).toMatchObject({ name: 'Crew', memberCount: 5, version: 5 });
    server.clock.run(1_000);
    expect(server.got('groups')).toEqual([]);
    server.socket.send({ ...notice, notice: 'left', users: ['dan'], version: 7, position: 6 });
    server.clock.run(1_000);
    expect(server.got('groups')).toHaveLength(1);
    expect(events).toEqual(['joined 4', 'updated 5', 'joined 4', 'left 7']);
  });

  test('C20: who is removed sees so at once, and the group closes; who is added asks for it', () => {
    const { server, client, events, list } = online([head({ mentions: 1 })]);
    client.openGroup('team');
    const frame = { type: 'membership', conversationId: 'team', by: 'bob', at: 5 } as const;
    server.socket.send({ ...frame, event: 'removed', version: 4, position: 1 });
    expect(client.group('team').isOpen).toBe(false);
    expect(client.group('team').head).toMatchObject({ unread: 0, mentions: 0, version: 4 });
    expect(client.group('team').head).not.toHaveProperty('role');
    server.socket.send({ ...frame, event: 'added', role: 'admin', version: 6, position: 2 });
    server.socket.send({ ...frame, event: 'removed', version: 4, position: 1 });
    server.socket.send({ ...frame, event: 'removed', version: 5, position: 3 });
    expect(client.group('team').head?.role).toBe('admin');
    server.clock.run(500);
    expect(server.got('groups')).toHaveLength(1);
    list([head({ version: 6, role: 'admin', unread: 0 })]);
    expect(events).toEqual(['removed team', 'added team', 'removed team']);
  });

  test('who left a dissolved group does not have it any more, also after a restart, whatever page was on its way', () => {
    const store = memoryStore();
    const heads = [head({ dissolvedAt: 4 }), head({ conversationId: 'club' })];
    const { server, client, events, list } = online(heads, { store });
    const ids = (of = client) => of.groups().map(({ conversationId }) => conversationId);
    const told: string[] = [];
    client.on('group', (event) => told.push(`${event.conversationId} ${event.head?.name ?? 'gone'}`));
    client.openGroup('team');
    const frame = { type: 'membership', event: 'unlisted', conversationId: 'team', by: 'amy', at: 5 } as const;
    server.socket.send({ ...frame, version: 3, position: 1 });
    expect([ids(), client.group('team').head, client.group('team').isOpen]).toEqual([['club'], undefined, false]);
    list([head({ dissolvedAt: 4 })]);
    expect([ids(), told, events]).toEqual([['club'], ['team gone'], ['unlisted team']]);
    client.close();
    expect(ids(createClient(server.options({ store })))).toEqual(['club']);
  });

  test('a page that was read before the last notice is not taken', () => {
    const { server, client, list } = online();
    const notice = { type: 'notice', conversationId: 'team', notice: 'updated', by: 'bob', at: 5 } as const;
    server.socket.send({ ...notice, values: { name: 'Crew' }, version: 4, position: 3 });
    list([head({ version: 3 })], {});
    expect(client.group('team').head?.name).toBe('Crew');
    list([head({ version: 1, name: 'Restored', epoch: 'g2' })], {});
    expect(client.group('team').head?.name).toBe('Restored');
  });

  test('a message of a group that is not known asks for the group; an answer that fails is asked for again', () => {
    const { server, client, list } = online([]);
    server.socket.send(inTeam(1));
    server.clock.run(500);
    const { ref = '' } = server.got('groups')[0] ?? {};
    server.socket.send({ type: 'error', code: 'store_unavailable', message: '', retry: 'backoff', ref });
    server.clock.run(500);
    expect(server.got('groups')).toHaveLength(2);
    server.clock.run(11_000);
    expect(server.got('groups').length).toBeGreaterThan(2);
    list([head()]);
    expect(client.group('team').head).toEqual(head());
  });

  test('now and again all news are asked for, and what is new in an open group is synced', () => {
    const { server, client, list, page, pass } = online();
    client.openGroup('team');
    page([], { position: 2 });
    pass(60_000);
    expect(server.got('groups')[0]).toMatchObject({ since: 100 });
    list([head({ head: 3 })]);
    expect(server.got('sync').map(({ position }) => position)).toEqual([0, 2]);
  });

  test('a provisional message that nothing confirms stops counting', () => {
    const { server, counts, list, pass } = online();
    server.socket.send(inTeam(7));
    expect(counts()).toEqual([2, 0]);
    pass(61_000);
    list([]);
    expect(counts()).toEqual([1, 0]);
  });

  test('a server of an earlier release refuses the login: the next one is without groups, and direct chat works', () => {
    const server = new ScriptedServer();
    const client = createClient(server.options());
    client.connect().catch(() => undefined);
    server.clock.run(1);
    const refusal = { type: 'error', code: 'invalid_frame', message: '', retry: 'never' } as const;
    server.socket.send({ ...refusal, field: 'groupsSince' });
    server.socket.close(4506);
    server.clock.run(300);
    server.login();
    expect(server.got('login')[0]).not.toHaveProperty('groupsSince');
    expect(client.state).toBe('online');
    client.openGroup('team');
    server.clock.run(70_000);
    expect(server.socket.frames.filter(({ type }) => type === 'groups' || type === 'sync')).toEqual([]);
    server.socket.send({ ...refusal, field: 'token' });
    server.socket.close(4506);
    expect(client.state).toBe('closed');
  });

  test('C16: heads are bounded, also in the store; another user finds none', () => {
    const store = memoryStore();
    const heads = [1, 2, 3].map((n) => head({ conversationId: `g${n}` }));
    const { server, client } = online(heads, { store, limits: { maxGroups: 2 } });
    server.clock.run(10);
    const kept = () => store.keys().filter((key) => key.startsWith('group/'));
    expect(client.groups().map(({ conversationId }) => conversationId)).toEqual(['g3', 'g2']);
    expect(kept()).toEqual(['group/g2', 'group/g3']);
    server.socket.close(1006);
    server.clock.run(300);
    server.login({}, 'zoe');
    expect(client.groups()).toEqual([]);
    expect(kept()).toEqual([]);
    server.clock.run(300);
    server.login({}, 'zoe');
    expect(server.got('login')[0]).toMatchObject({ groupsSince: 0 });
  });
});
