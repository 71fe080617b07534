import type { ServerFrameOf } from '@chasqui/protocol';
import { describe, expect, test } from 'vitest';
import { createClient, memoryStore } from './index.ts';
import { fromBob, id, ScriptedServer } from './testing/scripted-server.ts';

type Head = ServerFrameOf<'groups'>['groups'][number];

function head(more: Partial<Head> = {}): Head {
  return {
    conversationId: 'team',
    name: 'Team',
    picture: '',
    version: 3,
    memberCount: 3,
    role: 'member',
    head: 2,
    epoch: 'g1',
    lastMessageId: id(2),
    lastFrom: 'bob',
    preview: 'text 2',
    readUpTo: id(1),
    unread: 1,
    mentions: 0,
    updatedAt: 2,
    ...more,
  };
}

/** A message from bob to the group, the `n`-th of its conversation. */
function inTeam(n: number, more: Partial<ServerFrameOf<'chat'>> = {}): ServerFrameOf<'chat'> {
  const { to: _, ...frame } = fromBob(n);
  return { ...frame, conversationId: 'team', kind: 'group', ...more };
}

function stored(...messages: ServerFrameOf<'stored_messages'>['messages']): ServerFrameOf<'stored_messages'> {
  return { type: 'stored_messages', conversationId: 'team', messages };
}

const read = (n: number, position: number) =>
  ({ type: 'read', conversationId: 'team', upTo: id(n), at: 5, position }) as const;

function online(groups: Head[] | null = [head()], more: Parameters<ScriptedServer['options']>[0] = {}) {
  const server = new ScriptedServer();
  const client = createClient(server.options(more));
  const events: string[] = [];
  client.on('message', ({ message, provisional }) => {
    events.push(`message ${message.clientMessageId}${provisional ? '?' : ''}`);
  });
  client.on('retract', ({ messageId }) => events.push(`retract ${messageId.slice(-1)}`));
  client.on('error', (error) => events.push(`error ${error.code}`));
  client.connect().catch(() => undefined);
  server.login();
  const list = (all: Head[], frame: Partial<ServerFrameOf<'groups'>> = {}) => {
    const asked = server.socket.frames.findLast(({ type }) => type === 'groups' || type === 'login');
    const { ref = '' } = asked ?? {};
    server.socket.send({ type: 'groups', groups: all, cursor: 100, ref, ...frame });
  };
  if (groups !== null) list(groups);
  const page = (updates: ServerFrameOf<'log_updates'>['updates'], more: Partial<ServerFrameOf<'log_updates'>> = {}) => {
    const { ref = '' } = server.got('sync').at(-1) ?? {};
    const { position = 0 } = updates.at(-1) ?? {};
    const rest = { position, epoch: 'g1', caughtUp: true, ref, ...more };
    server.socket.send({ type: 'log_updates', conversationId: 'team', updates, ...rest });
  };
  const texts = () => client.group('team').messages.map(({ clientMessageId }) => clientMessageId);
  const counts = () => {
    const { unread, mentions } = client.group('team').head ?? {};
    return [unread, mentions];
  };
  return { server, client, events, list, page, texts, counts };
}

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
});

describe('an open group', () => {
  test('begins near the end of its log, and shows each message once, under its final id', () => {
    const { server, client, events, page, texts } = online([head({ head: 80 })]);
    client.openGroup('team');
    expect(server.got('sync')).toMatchObject([{ conversationId: 'team', position: 30, epoch: 'g1' }]);
    page([inTeam(1, { position: 79 }), inTeam(2, { position: 80 })]);
    server.socket.send(inTeam(3));
    server.socket.send(inTeam(4));
    server.socket.send(stored({ messageId: id(4), position: 81 }, { messageId: id(5), position: 82, replaces: id(3) }));
    expect(texts()).toEqual(['c1', 'c2', 'c4', 'c3']);
    expect(events).toEqual(['message c1', 'message c2', 'message c3?', 'message c4?']);
    server.clock.run(200);
    expect(server.got('sync')).toHaveLength(1);
    expect(server.got('ack')).toEqual([]);
  });
});
