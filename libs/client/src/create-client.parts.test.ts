import { DEFAULT_STATE } from '@chasqui/domain';
import type { ServerFrame } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { type ClientLimits, type ClientOptions, createClient, memoryStore } from './index.ts';
import { head, inTeam, stored } from './testing/group-client.ts';
import { fromBob, id, ScriptedServer } from './testing/scripted-server.ts';
import { atOnce, TestDatabase } from './testing/test-database.ts';

const inGroup = { conversationId: 'team' } as const;

/** A client without parts, and what it told. */
function bare(server: ScriptedServer, more: Partial<ClientOptions> = {}) {
  const { groups: _, states: __, recalls: ___, actions: ____, ...options } = server.options(more);
  const client = createClient(options);
  const events: string[] = [];
  client.on('message', ({ message }) => events.push(message.clientMessageId));
  for (const name of ['retract', 'recall', 'read', 'conversation_state', 'error'] as const) {
    client.on(name, () => events.push(name));
  }
  client.connect().catch(() => undefined);
  return { client, events };
}

test('C6 C10: a client without groups passes over what happens in them, and loses nothing else', () => {
  const server = new ScriptedServer();
  const { client, events } = bare(server);
  const mark = { type: 'read', ...inGroup, upTo: id(2), at: 1 } as const;
  const state = { type: 'conversation_state', ...inGroup, state: { archived: true }, at: 1 } as const;
  const added = {
    type: 'membership',
    ...inGroup,
    event: 'added',
    by: 'bob',
    role: 'member',
    version: 1,
    at: 1,
  } as const;
  server.login({
    updates: [{ ...added, position: 1 }, fromBob(1, { position: 2 }), { ...mark, position: 3 }],
    position: 3,
  });
  expect(server.got('login')[0]).not.toHaveProperty('groupsSince');

  const notice = { type: 'notice', ...inGroup, notice: 'joined', by: 'bob', version: 2, at: 1 } as const;
  const recall = { type: 'recall', ...inGroup, messageId: id(1), by: 'bob', at: 1 } as const;
  const frames: ServerFrame[] = [
    ...[notice, recall, inTeam(1), inTeam(2, { position: 8 }), stored({ messageId: id(1), position: 1 })],
    { type: 'retract', ...inGroup, messageId: id(1) },
    { type: 'read_mark', ...inGroup, by: 'bob', upTo: id(1), at: 1 },
    { type: 'groups', groups: [head()], cursor: 9 },
    { type: 'log_updates', ...inGroup, updates: [inTeam(3, { position: 3 })], position: 3, epoch: 'g', caughtUp: true },
    { type: 'server_ack', ...inGroup, clientMessageId: 'other', messageId: id(4), position: 9 },
    { ...state, position: 4 },
    { ...mark, upTo: id(3), position: 5 },
    { ...added, position: 6 },
    fromBob(2, { position: 7 }),
    { type: 'sync_needed' },
  ];
  for (const frame of frames) server.socket.send(frame);
  server.clock.run(2_000);
  expect(events).toEqual(['c1', 'c2']);
  expect(client.conversations().map(({ peer }) => peer)).toEqual(['bob']);
  server.page({ position: 7 });
  server.clock.run(2_000);
  expect(server.got('sync_offline_messages').map(({ position }) => position)).toEqual([7]);
  expect(server.got('sync')).toEqual([]);
});

test('C15: a message to a group is refused by a client without groups, which has no calls of parts', async () => {
  const server = new ScriptedServer();
  const { client } = bare(server);
  server.login();
  const refused = client.send({ ...inGroup, content: { text: 'x' } });
  expect([refused.state, refused.error?.code, refused.error?.details.field]).toEqual([
    'failed',
    'config_invalid',
    'groups',
  ]);
  await expect(refused.stored).rejects.toMatchObject({ code: 'config_invalid' });
  expect(server.got('chat')).toEqual([]);
  // @ts-expect-error: only with `groups`.
  expect(client.openGroup).toBeUndefined();
  // @ts-expect-error: only with `states`.
  expect(client.setState).toBeUndefined();
  // @ts-expect-error: only with `states`.
  expect(client.conversation('bob').state).toBeUndefined();
  // @ts-expect-error: only with `recalls`.
  expect(client.recall).toBeUndefined();
  // @ts-expect-error: only with `groups`.
  client.on('notice', () => undefined);
  // @ts-expect-error: the options may have groups, or not.
  expect(createClient(server.options() as ClientOptions).openGroup).toBeDefined();
});

test('with states, each view has the user’s state, also where nobody has told one', () => {
  const server = new ScriptedServer();
  const { groups: groupSupport, states: stateSupport, ...options } = server.options();
  const client = createClient({ ...options, states: stateSupport });
  client.connect().catch(() => undefined);
  server.login({ updates: [fromBob(1, { position: 1 })], position: 1 });
  expect(client.conversations().map(({ state }) => state)).toEqual([DEFAULT_STATE]);
  expect(client.conversation('cid').state).toEqual(DEFAULT_STATE);
  const both = createClient({ ...options, states: stateSupport, groups: groupSupport });
  expect(both.group('team').state).toEqual(DEFAULT_STATE);
  // @ts-expect-error: only with `states`.
  void createClient({ ...options, groups: groupSupport }).group('team').state;
});

test.each<[Partial<ClientLimits>, ms: number, second: string | undefined]>([
  [{}, 10_000, undefined],
  [{ maxRecalls: 1, recallTimeoutMs: 50 }, 50, 'overloaded'],
])('C16: with the limits %j, a recall that nobody answers ends after %i ms', async (limits, ms, second) => {
  const server = new ScriptedServer();
  const client = createClient(server.options({ limits }));
  client.connect().catch(() => undefined);
  server.login();
  const codes: (string | undefined)[] = [undefined, undefined];
  for (const n of [0, 1]) {
    client.recall('bob', id(n)).catch(({ code }) => {
      codes[n] = code;
    });
  }
  const after = async (time: number) => {
    server.clock.run(time);
    await new Promise<void>((resolve) => setImmediate(resolve));
    return codes;
  };
  expect(await after(ms - 1)).toEqual([undefined, second]);
  expect(await after(1)).toEqual(['deadline_exceeded', second ?? 'deadline_exceeded']);
});

test.each([
  [
    'a store of texts',
    () => {
      const store = memoryStore();
      return () => store;
    },
  ],
  [
    'a database',
    () => {
      const database = new TestDatabase(atOnce, () => 0);
      return () => database.open('amy');
    },
  ],
])('C1: with %s, what a client with groups left waits for the next one with groups', (_, make) => {
  const open = make();
  const start = new ScriptedServer();
  const full = createClient(start.options({ store: open() }));
  full.connect().catch(() => undefined);
  start.login();
  start.socket.send({ type: 'groups', groups: [head()], cursor: 9, ref: start.got('login')[0]?.ref ?? '' });
  full.openGroup('team');
  const { ref = '' } = start.got('sync').at(-1) ?? {};
  const updates = [inTeam(1, { position: 1 }), inTeam(2, { position: 2 })];
  start.socket.send({ type: 'log_updates', ...inGroup, updates, position: 2, epoch: 'g1', caughtUp: true, ref });
  start.socket.close(4000);
  full.send({ ...inGroup, content: { text: 'to the group' }, clientMessageId: 'g' });
  full.send({ to: 'bob', content: { text: 'to bob' }, clientMessageId: 'd' });
  full.close();
  start.clock.run(100);

  const server = new ScriptedServer();
  const { client, events } = bare(server, { store: open(), limits: { maxProvisional: 2 } });
  server.login();
  expect(server.got('chat').map(({ clientMessageId }) => clientMessageId)).toEqual(['d']);
  expect(client.conversations().map(({ peer }) => peer)).toEqual(['bob']);
  expect(client.outgoing().map(({ clientMessageId }) => clientMessageId)).toEqual(['d']);
  server.socket.send({
    type: 'server_ack',
    conversationId: 'amy~bob',
    clientMessageId: 'd',
    messageId: id(8),
    position: 1,
  });
  // What was shown of groups takes no room.
  server.socket.send(fromBob(9));
  client.close();
  server.clock.run(100);
  expect(events).toEqual(['c9']);

  const again = new ScriptedServer();
  const next = createClient(again.options({ store: open() }));
  next.connect().catch(() => undefined);
  again.login();
  expect(again.got('login')[0]).toMatchObject({ groupsSince: 9 });
  expect(again.got('chat').map(({ clientMessageId }) => clientMessageId)).toEqual(['g']);
  next.close();
});

test('without states, the user’s marks still come, and what a database has of states stays', () => {
  const database = new TestDatabase(atOnce, () => 0);
  const server = new ScriptedServer();
  const full = createClient(server.options({ store: database.open('amy') }));
  full.connect().catch(() => undefined);
  const state = { type: 'conversation_state', conversationId: 'amy~bob', state: { archived: true }, at: 1 } as const;
  server.login({ updates: [fromBob(1, { position: 1 }), { ...state, position: 2 }], position: 2 });
  server.clock.run(100);
  full.close();

  const second = new ScriptedServer();
  const { client, events } = bare(second, { store: database.open('amy') });
  const read = { type: 'read', conversationId: 'amy~bob', upTo: id(1), at: 2 } as const;
  second.login({
    updates: [
      { ...read, position: 3 },
      { ...state, state: {}, position: 4 },
    ],
    position: 4,
  });
  second.clock.run(100);
  expect([events, client.conversation('bob').readUpTo]).toEqual([['read'], id(1)]);
  client.close();
  const last = createClient(server.options({ store: database.open('amy') }));
  expect([last.conversation('bob').readUpTo, last.conversation('bob').state.archived]).toEqual([id(1), true]);
});
