import type { ServerFrameOf } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { createClient, memoryStore } from '../index.ts';
import { inTeam, online } from '../testing/group-client.ts';
import { fromBob, id, ScriptedServer } from '../testing/scripted-server.ts';

const [UP, HEART] = ['👍', '❤️'];
type Counts = { [emoji: string]: number };

/** The reactions to the `n`-th message, live: `by` has these since then. */
function live(
  n: number,
  revision: number,
  counts: Counts,
  by: [user: string, emojis: string[], actionId?: string | undefined],
) {
  const [user, emojis, actionId = 'other'] = by;
  return { ...synced(n, revision, counts), changes: [{ by: user, emojis, actionId }] };
}

/** As a sync tells them: what is `mine` is said as well. */
function synced(
  n: number,
  revision: number,
  counts: Counts,
  mine: string[] = [],
  more: Partial<ServerFrameOf<'action'>> = {},
): ServerFrameOf<'action'> {
  const all = Object.entries(counts).map(([emoji, count]) => ({
    ...{ emoji, count },
    ...(mine.includes(emoji) && { mine: true }),
  }));
  const facts = { type: 'action', action: 'react', conversationId: 'amy~bob', messageId: id(n), at: 9 } as const;
  return { ...facts, reactions: { revision, counts: all }, ...more };
}

function logged(updates: ServerFrameOf<'offline_messages'>['updates'], store = memoryStore()) {
  const server = new ScriptedServer();
  const client = createClient(server.options({ store }));
  const errors: string[] = [];
  client.on('error', ({ code }) => errors.push(code));
  client.connect().catch(() => undefined);
  server.login({ updates, position: updates.length });
  /** As the message shows them: own ones with a star. */
  const shown = (n: number) =>
    client
      .conversation('bob')
      .messages.find(({ messageId }) => messageId === id(n))
      ?.reactions?.counts.map(({ emoji, count, mine }) => `${emoji}${count}${mine ? '*' : ''}`)
      .join(' ');
  return { server, client, store, shown, errors };
}

function outcomeOf(promise: Promise<void>) {
  const outcome: { is?: string } = {};
  promise.then(
    () => Object.assign(outcome, { is: 'done' }),
    ({ code }) => Object.assign(outcome, { is: code }),
  );
  return outcome;
}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('a message shows the newest counts, whichever came last, and what is the user’s own', () => {
  const { server, shown, client } = logged([
    fromBob(1, { position: 1, reactions: { revision: 1, counts: [{ emoji: UP, count: 1, mine: true }] } }),
  ]);
  const events: number[] = [];
  client.on('reactions', ({ reactions }) => events.push(reactions.revision));
  expect(shown(1)).toBe('👍1*');
  server.socket.send({ ...live(1, 3, { [UP]: 2, [HEART]: 1 }, ['bob', [UP, HEART]]), position: 3 });
  expect(shown(1)).toBe('👍2* ❤️1');
  server.socket.send({ ...live(1, 2, { [UP]: 2 }, ['bob', [UP]]), position: 2 });
  expect(shown(1)).toBe('👍2* ❤️1');
  // Another device of the user took it back meanwhile, which came too late for the counts alone.
  server.socket.send({ ...live(1, 5, { [HEART]: 1 }, ['bob', [HEART]]), position: 5 });
  server.socket.send({ ...live(1, 4, { [HEART]: 1, [UP]: 1 }, ['amy', []]), position: 4 });
  server.socket.send({ ...live(1, 6, { [HEART]: 1, [UP]: 1 }, ['bob', [HEART, UP]]), position: 6 });
  expect(shown(1)).toBe('❤️1 👍1');
  expect(events).toEqual([3, 3, 5, 5, 6]);
  server.socket.send({ type: 'sync_needed' });
  expect(server.got('sync_offline_messages').at(-1)?.position).toBe(6);
});

test('reactions that come before their message are shown with it; a recall takes them away', () => {
  const { server, shown, client } = logged([]);
  server.socket.send(live(1, 1, { [UP]: 1 }, ['amy', [UP]]));
  server.socket.send(fromBob(1));
  server.clock.run(1);
  expect(shown(1)).toBe('👍1*');
  server.socket.send({ type: 'recall', conversationId: 'amy~bob', messageId: id(1), by: 'bob', at: 9, position: 2 });
  server.socket.send({ ...live(1, 2, { [UP]: 2 }, ['bob', [UP]]), position: 3 });
  expect(client.conversation('bob').messages[0]?.reactions).toBeUndefined();
});

test('an own reaction is shown at once, and done when the server tells it under its key', async () => {
  const { server, client, store, shown } = logged([fromBob(1, { position: 1 })]);
  const outcome = outcomeOf(client.react('bob', id(1), UP));
  expect(shown(1)).toBe('👍1*');
  const [sent] = server.got('action');
  expect(sent).toMatchObject({ action: 'react', conversationId: 'amy~bob', messageId: id(1), emoji: UP, on: true });
  server.socket.send({ ...live(1, 1, { [HEART]: 1 }, ['bob', [HEART]]), position: 2 });
  await settled();
  expect([outcome.is, shown(1)]).toEqual([undefined, '❤️1 👍1*']);
  server.socket.send({ ...live(1, 2, { [HEART]: 1, [UP]: 1 }, ['amy', [UP], sent?.actionId]), position: 3 });
  await settled();
  expect([outcome.is, shown(1)]).toEqual(['done', '❤️1 👍1*']);
  const off = outcomeOf(client.react('bob', id(1), UP, false));
  expect(shown(1)).toBe('❤️1');
  server.socket.send({ ...live(1, 3, { [HEART]: 1 }, ['amy', [], server.got('action')[1]?.actionId]), position: 4 });
  await settled();
  expect([off.is, shown(1)]).toEqual(['done', '❤️1']);
  expect(store.keys().filter((key) => key.startsWith('react/'))).toEqual([]);
});

test('C3: a reaction that is made offline, or whose answer is lost, is sent again under its key, also after a restart', async () => {
  const { server, client, store } = logged([fromBob(1, { position: 1 })]);
  server.socket.close(1006);
  const outcome = outcomeOf(client.react('bob', id(1), UP));
  server.clock.run(60_000);
  server.login();
  const [first] = server.got('action');
  expect(first).toMatchObject({ emoji: UP, on: true });
  client.close();
  await settled();
  expect(outcome.is).toBe('connection_closed');
  const next = logged([fromBob(1, { position: 1 })], store);
  expect(next.server.got('action')).toEqual([first]);
  next.server.socket.send(live(1, 1, { [UP]: 1 }, ['amy', [UP], first?.actionId]));
  expect(next.shown(1)).toBe('👍1*');
  next.server.socket.close(1006);
  next.server.clock.run(60_000);
  next.server.login();
  expect(next.server.got('action')).toEqual([]);
});

test('C15: a refusal for good shows what was before and ends it with its code; one that may pass is tried again', async () => {
  const { server, client, errors, shown } = logged([fromBob(1, { position: 1 }), fromBob(2, { position: 2 })]);
  const outcomes = [1, 2].map((n) => outcomeOf(client.react('bob', id(n), UP)));
  const [one, two] = server.got('action').map(({ ref = '' }) => ref);
  const error = { type: 'error', message: '' } as const;
  server.socket.send({ ...error, code: 'action_refused', retry: 'never', field: 'emoji', ref: one ?? '' });
  server.socket.send({ ...error, code: 'too_fast', retry: 'backoff', retryAfterMs: 50, ref: two ?? '' });
  await settled();
  expect(outcomes.map(({ is }) => is)).toEqual(['action_refused', undefined]);
  expect([shown(1) ?? '', shown(2)]).toEqual(['', '👍1*']);
  server.clock.run(60);
  expect(server.got('action').map(({ messageId }) => messageId)).toEqual([id(1), id(2), id(2)]);
  expect(errors).toEqual([]);
});

test('a later one with the same emoji takes the place of one that waits; another emoji waits beside it', async () => {
  const { server, client, shown } = logged([fromBob(1, { position: 1 })]);
  const outcomes = [true, false].map((on) => outcomeOf(client.react('bob', id(1), UP, on)));
  outcomes.push(outcomeOf(client.react('bob', id(1), HEART)));
  expect(shown(1)).toBe('❤️1*');
  const [a, b, c] = server.got('action').map(({ actionId = '' }) => actionId);
  server.socket.send(live(1, 1, { [UP]: 1 }, ['amy', [UP], a]));
  await settled();
  expect([...outcomes, shown(1)]).toEqual([{}, {}, {}, '❤️1*']);
  server.socket.send(live(1, 2, {}, ['amy', [], b]));
  server.socket.send(live(1, 3, { [HEART]: 1 }, ['amy', [HEART], c]));
  await settled();
  expect([...outcomes, shown(1)]).toEqual([{ is: 'done' }, { is: 'done' }, { is: 'done' }, '❤️1*']);
});

test('C20: a group whose reactions come without what they are is synced for messages that are shown', () => {
  const { server, client, page } = online();
  client.openGroup('team');
  page([inTeam(1, { position: 1 }), inTeam(2, { position: 2 })]);
  const asked = server.got('sync').length;
  for (let n = 0; n < 20; n++) {
    const { reactions: _, ...bare } = synced(2, 1, {}, [], { conversationId: 'team', position: 3 + n });
    server.socket.send(bare);
  }
  server.clock.run(500);
  expect(server.got('sync').length - asked).toBeLessThanOrEqual(2);
  page([synced(2, 20, { [UP]: 20 }, [UP], { conversationId: 'team', position: 3 })], { position: 22 });
  const counts = [{ emoji: UP, count: 20, mine: true }];
  expect(client.group('team').messages[1]?.reactions).toMatchObject({ revision: 20, counts });
});
