import type { ServerFrameOf } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { createClient, memoryStore, type ShownReactions } from '../index.ts';
import { fromBob, id, ScriptedServer } from '../testing/scripted-server.ts';
import { ScriptedTabs } from '../testing/scripted-tabs.ts';

// What the history over HTTP has, and this device's memory has not.

const [UP, HEART] = ['👍', '❤️'];
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const shownIn = ({ counts }: ShownReactions) => counts.map((one) => `${one.emoji}${one.count}${one.mine ? '*' : ''}`);

/** The reactions to the first message, live: `by` has these since then. */
function live(revision: number, counts: ShownReactions['counts'], by: [string, string[], (string | undefined)?]) {
  const [user, emojis, actionId = 'other'] = by;
  const facts = { type: 'action', action: 'react', conversationId: 'amy~bob', messageId: id(1), at: 9 } as const;
  const all = counts.map(({ emoji, count }) => ({ emoji, count }));
  return { ...facts, reactions: { revision, counts: all }, changes: [{ by: user, emojis, actionId }] };
}

function online(store = memoryStore(), updates: ServerFrameOf<'offline_messages'>['updates'] = []) {
  const server = new ScriptedServer();
  const client = createClient(server.options({ store }));
  const told: string[] = [];
  client.on('reactions', ({ messageId, reactions }) => {
    told.push([messageId === id(1), ...shownIn(reactions)].join(' '));
  });
  client.connect().catch(() => undefined);
  server.login({ updates, position: updates.length });
  const asked = () => server.got('action').at(-1);
  return { server, client, store, told, asked };
}

const known = {
  messageId: id(1),
  reactions: { revision: 4, counts: [{ emoji: HEART, count: 2, mine: true as const }] },
};

test('a reaction to a message that is not in memory is told at once, upon what the application knows of it', async () => {
  const { server, client, told, asked } = online();
  const done = client.react('bob', known, UP);
  expect(told).toEqual(['true ❤️2* 👍1*']);
  server.socket.send(live(5, [{ emoji: HEART, count: 3 }], ['bob', [HEART]]));
  expect(told.at(-1)).toBe('true ❤️3* 👍1*');
  const now = [
    { emoji: HEART, count: 3 },
    { emoji: UP, count: 1 },
  ];
  server.socket.send(live(6, now, ['amy', [HEART, UP], asked()?.actionId]));
  await done;
  expect(told.at(-1)).toBe('true ❤️3* 👍1*');
  expect(client.conversation('bob').messages).toEqual([]);
});

test('C15: one that is refused is told as it was before', async () => {
  const { server, client, told, asked } = online();
  const refused = client.react('bob', known, HEART, false);
  const { ref = '' } = asked() ?? {};
  server.socket.send({ type: 'error', code: 'muted', retry: 'never', message: '', ref });
  await expect(refused).rejects.toMatchObject({ code: 'muted' });
  expect(told).toEqual(['true ❤️1', 'true ❤️2*']);
  // Without what the application knows, it counts from nothing.
  client.react('bob', id(1), UP).catch(() => undefined);
  server.socket.send({ type: 'error', code: 'muted', retry: 'never', message: '', ref: asked()?.ref ?? '' });
  expect(told.slice(2)).toEqual(['true 👍1*', 'true']);
});

test('what an earlier run has left is told after the login, and shown with its message', async () => {
  const before = online();
  before.client.react('bob', known, UP).catch(() => undefined);
  before.client.close();
  const { server, client, told } = online(before.store, [fromBob(1, { position: 1, reactions: known.reactions })]);
  expect(told[0]).toBe('true ❤️2* 👍1*');
  server.clock.run(1);
  const [message] = client.conversation('bob').messages;
  expect(message?.reactions && shownIn(message.reactions)).toEqual(['❤️2*', '👍1*']);
});

test('it is edited and recalled: the events tell', async () => {
  const { server, client, asked } = online();
  const events: string[] = [];
  client.on('edit', ({ messageId, content }) => events.push(`edit ${messageId === id(1)} ${content.text}`));
  client.on('recall', ({ messageId }) => events.push(`recall ${messageId === id(1)}`));
  const edited = client.edit('bob', id(1), { text: 'better' });
  await settled();
  const about = { conversationId: 'amy~bob', messageId: id(1), by: 'amy', at: 9 } as const;
  const { actionId = '' } = asked() ?? {};
  const edition = { content: { text: 'better' }, editedAt: 9, revision: 1 };
  server.socket.send({ type: 'action', action: 'edit', ...about, actionId, ...edition });
  await edited;
  const recalled = client.recall('bob', id(1));
  await settled();
  expect(server.got('recall')).toMatchObject([{ conversationId: 'amy~bob', messageId: id(1) }]);
  server.socket.send({ type: 'recall', ...about });
  await recalled;
  expect(events).toEqual(['edit true better', 'recall true']);
});

test('in a tab that follows, too', async () => {
  const tabs = new ScriptedTabs();
  await tabs.open();
  const { client } = await tabs.open();
  tabs.server.login();
  await tabs.pass(10);
  const told: string[] = [];
  client.on('reactions', ({ reactions }) => told.push(shownIn(reactions).join(' ')));
  // What else is in it need not be what tabs can tell each other.
  const message = { ...known, render: () => undefined };
  client.react('bob', message, UP).catch(() => undefined);
  await tabs.pass(10);
  expect(told).toEqual(['❤️2* 👍1*']);
});
