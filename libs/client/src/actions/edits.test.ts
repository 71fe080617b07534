import type { ServerFrameOf } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { createClient, memoryStore } from '../index.ts';
import { head, inTeam, online } from '../testing/group-client.ts';
import { fromBob, id, ScriptedServer } from '../testing/scripted-server.ts';

const about = { type: 'action', action: 'edit', conversationId: 'amy~bob', by: 'bob', at: 9 } as const;

/** The `n`-th message was edited to this text. */
function edited(n: number, text: string, revision: number, more: Partial<ServerFrameOf<'action'>> = {}) {
  return { ...about, messageId: id(n), content: { text }, editedAt: 9, revision, ...more };
}

const mine = (n: number, position: number) => fromBob(n, { from: 'amy', to: 'bob', fromDevice: 'laptop', position });

function logged(updates: ServerFrameOf<'offline_messages'>['updates'], store = memoryStore()) {
  const server = new ScriptedServer();
  const client = createClient(server.options({ store }));
  const errors: string[] = [];
  client.on('error', ({ code }) => errors.push(code));
  client.connect().catch(() => undefined);
  server.login({ updates, position: updates.length });
  const textOf = (n: number) =>
    client.conversation('bob').messages.find(({ messageId }) => messageId === id(n))?.content.text;
  return { server, client, store, textOf, errors };
}

/** What became of a promise so far. */
function outcomeOf(promise: Promise<void>) {
  const outcome: { is?: string } = {};
  promise.then(
    () => Object.assign(outcome, { is: 'done' }),
    ({ code }) => Object.assign(outcome, { is: code }),
  );
  return outcome;
}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('C6: an edit changes the message that is shown, once; an older one and one after a recall change nothing', () => {
  const { server, client, textOf } = logged([fromBob(1, { position: 1 }), fromBob(2, { position: 2 })]);
  const updates: string[] = [];
  client.on('update', ({ message }) => updates.push(message.content.text ?? ''));
  server.socket.send(edited(1, 'second', 2, { position: 3 }));
  server.socket.send(edited(1, 'first', 1, { position: 4 }));
  expect(client.conversation('bob').messages[0]).toMatchObject({
    content: { text: 'second' },
    editedAt: 9,
    revision: 2,
  });
  server.socket.send({ type: 'recall', conversationId: 'amy~bob', messageId: id(2), by: 'bob', at: 9, position: 5 });
  server.socket.send(edited(2, 'back again', 2, { position: 6 }));
  expect(textOf(2)).toBeUndefined();
  expect(updates).toEqual(['second', '']);
  server.socket.send({ type: 'sync_needed' });
  expect(server.got('sync_offline_messages').at(-1)?.position).toBe(6);
});

test('C6: an edit that comes before its message wins over the content of then, and over no later one', () => {
  const { server, client, textOf } = logged([]);
  const events: string[] = [];
  for (const name of ['message', 'update'] as const)
    client.on(name, ({ message }) => events.push(`${name} ${message.content.text}`));
  for (const n of [1, 2]) server.socket.send(edited(n, 'edited', 1));
  server.socket.send(fromBob(1));
  server.socket.send(fromBob(2, { content: { text: 'later' }, editedAt: 10, revision: 2, position: 1 }));
  server.clock.run(1);
  expect([textOf(1), textOf(2)]).toEqual(['edited', 'later']);
  expect(events).toEqual(['message text 1', 'message later', 'update edited']);
  server.socket.send(edited(2, 'edited', 1, { position: 2 }));
  expect(textOf(2)).toBe('later');
});

test('an own edit is sent, and done when the server tells it under its key', async () => {
  const { server, client, store, textOf } = logged([mine(1, 1)]);
  const outcome = outcomeOf(client.edit('bob', id(1), { text: 'better' }));
  const [sent] = server.got('action');
  expect(sent).toMatchObject({
    action: 'edit',
    conversationId: 'amy~bob',
    messageId: id(1),
    content: { text: 'better' },
  });
  server.socket.send(edited(1, 'of another device', 1, { by: 'amy', actionId: 'other', position: 2 }));
  await settled();
  expect(outcome).toEqual({});
  server.socket.send(edited(1, 'better', 2, { by: 'amy', actionId: sent?.actionId ?? '', position: 3 }));
  await settled();
  expect([outcome.is, textOf(1)]).toEqual(['done', 'better']);
  expect(store.keys().filter((key) => key.startsWith('edit/'))).toEqual([]);
});

test('C3: an edit that is made offline, or whose answer is lost, is sent again under its key, also after a restart', async () => {
  const { server, client, store } = logged([mine(1, 1)]);
  server.socket.close(1006);
  const outcome = outcomeOf(client.edit('bob', id(1), { text: 'better' }));
  server.clock.run(60_000);
  server.login();
  const [first] = server.got('action');
  expect(first).toMatchObject({ content: { text: 'better' } });
  client.close();
  await settled();
  expect(outcome.is).toBe('connection_closed');
  const next = logged([], store);
  expect(next.server.got('action')).toEqual([first]);
  next.server.socket.send(edited(1, 'better', 1, { by: 'amy', actionId: first?.actionId ?? '' }));
  next.server.socket.close(1006);
  next.server.clock.run(60_000);
  next.server.login();
  expect(next.server.got('action')).toEqual([]);
});

test('C15: a refusal for good ends an edit with its code; one that may pass is tried again', async () => {
  const { server, client, errors } = logged([mine(1, 1), mine(2, 2)]);
  const outcomes = [1, 2].map((n) => outcomeOf(client.edit('bob', id(n), { text: 'better' })));
  const [one, two] = server.got('action').map(({ ref = '' }) => ref);
  const error = { type: 'error', message: '' } as const;
  server.socket.send({ ...error, code: 'action_refused', retry: 'never', field: 'messageId', ref: one ?? '' });
  server.socket.send({ ...error, code: 'too_fast', retry: 'backoff', retryAfterMs: 50, ref: two ?? '' });
  await settled();
  expect(outcomes.map(({ is }) => is)).toEqual(['action_refused', undefined]);
  server.clock.run(60);
  expect(server.got('action').map(({ messageId }) => messageId)).toEqual([id(1), id(2), id(2)]);
  expect(errors).toEqual([]);
});

test('a later edit takes the place of one that waits, and both end with it', async () => {
  const { server, client } = logged([mine(1, 1)]);
  const outcomes = ['first', 'second'].map((text) => outcomeOf(client.edit('bob', id(1), { text })));
  const sent = server.got('action').map(({ actionId = '' }) => actionId);
  server.socket.send(edited(1, 'first', 1, { by: 'amy', actionId: sent[0] ?? '', position: 2 }));
  await settled();
  expect(outcomes).toEqual([{}, {}]);
  server.socket.send(edited(1, 'second', 2, { by: 'amy', actionId: sent[1] ?? '', position: 3 }));
  await settled();
  expect(outcomes).toEqual([{ is: 'done' }, { is: 'done' }]);
});

test('C20: a group whose edits come without content is synced for those that are shown; a list follows the preview', () => {
  const { server, client, page } = online();
  client.openGroup('team');
  page([inTeam(1, { position: 1 }), inTeam(2, { position: 2 })]);
  const { content: _, editedAt: __, ...bare } = edited(2, '', 1, { conversationId: 'team', position: 3 });
  const asked = server.got('sync').length;
  server.socket.send(bare);
  server.clock.run(500);
  expect(server.got('sync').slice(asked)).toMatchObject([{ position: 2 }]);
  page([edited(2, 'better', 1, { conversationId: 'team', position: 3 })], { position: 3 });
  expect(client.group('team').messages[1]).toMatchObject({ content: { text: 'better' }, revision: 1 });
  expect(client.group('team').head).toMatchObject({ preview: 'better', unread: head().unread });
});

test('C25: an edit without content that comes before its message is synced', () => {
  const { server, client, page } = online();
  client.openGroup('team');
  page([inTeam(1, { position: 1 })]);
  const { content: _, editedAt: __, ...bare } = edited(2, '', 1, { conversationId: 'team', position: 3 });
  server.socket.send(bare);
  server.clock.run(500);
  page([inTeam(2, { position: 2 })], { position: 2, caughtUp: false });
  expect(server.got('sync').at(-1)?.position).toBe(2);
  page([edited(2, 'better', 1, { conversationId: 'team', position: 3 })], { position: 3 });
  expect(client.group('team').messages[1]).toMatchObject({ content: { text: 'better' }, revision: 1 });
});

test('a client without actions passes edits over, and their positions count', () => {
  const server = new ScriptedServer();
  const { actions: _, ...options } = server.options();
  const client = createClient(options);
  client.connect().catch(() => undefined);
  server.login({ updates: [fromBob(1, { position: 1 })], position: 1 });
  server.socket.send(edited(1, 'better', 1, { position: 2 }));
  server.socket.send({ type: 'sync_needed' });
  expect(server.got('sync_offline_messages').at(-1)?.position).toBe(2);
  expect(client.conversation('bob').messages[0]?.content.text).toBe('text 1');
});
