import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { RawSocket } from '../hostile/raw-socket.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
}, 60_000);
afterAll(() => cluster[Symbol.asyncDispose]());

const logIn = async (user: string, node: number) =>
  RawSocket.loggedIn(cluster.running.connect[node - 1]?.wsUrl ?? '', await cluster.token(user), `phone-${node}`);

/** A user on the first node who has written to another one, and what names the message. */
async function written(from: string, to: string) {
  const socket = await logIn(from, 1);
  socket.send({ type: 'chat', clientMessageId: 'c', to, content: { text: 'first words' } });
  const { messageId, conversationId } = await socket.next('server_ack');
  return { socket, about: { type: 'action', conversationId, messageId } };
}

test('C3: an edit comes to the other user with its content, and its repeat is answered to its sender', async () => {
  const { socket, about } = await written('ana', 'bob');
  using ana = socket;
  using bob = await logIn('bob', 2);
  const edit = { ...about, action: 'edit', actionId: 'key', content: { text: 'better words' } };
  ana.send(edit);
  const facts = { action: 'edit', by: 'ana', revision: 1, actionId: 'key', content: { text: 'better words' } };
  for (const socket of [ana, bob])
    expect(await socket.next('action')).toMatchObject({ ...facts, position: expect.any(Number) });
  ana.send(edit);
  const answer = await ana.next('action');
  expect(answer).toMatchObject(facts);
  expect(answer).not.toHaveProperty('position');
  expect((await bob.settled('quiet')).frames).toEqual([]);
});

test('a reaction comes to both users, its repeat to its sender alone', async () => {
  const { socket, about } = await written('ida', 'jon');
  using ida = socket;
  using jon = await logIn('jon', 2);
  const react = { ...about, action: 'react', actionId: 'key', emoji: '❤' };
  jon.send(react);
  const facts = {
    reactions: { revision: 1, counts: [{ emoji: '❤️', count: 1 }] },
    changes: [{ by: 'jon', emojis: ['❤️'], actionId: 'key' }],
  };
  for (const socket of [ida, jon])
    expect(await socket.next('action')).toMatchObject({ action: 'react', ...facts, position: expect.any(Number) });
  jon.send(react);
  const answer = await jon.next('action');
  expect(answer).toMatchObject(facts);
  expect(answer).not.toHaveProperty('position');
  jon.send({ ...react, actionId: 'off', on: false });
  expect(await ida.next('action')).toMatchObject({ reactions: { revision: 2, counts: [] } });
});

test('a recall may be sent as an action', async () => {
  const { socket, about } = await written('cid', 'dan');
  using cid = socket;
  cid.send({ ...about, action: 'recall' });
  expect(await cid.next('recall')).toMatchObject({ by: 'cid' });
});

test('C15: an action without what it needs, with what is another one’s, or too large is refused by its field', async () => {
  const { socket, about } = await written('eve', 'fay');
  using eve = socket;
  const content = { text: 'x' };
  const cases: [object, string, string][] = [
    [{ action: 'edit' }, 'invalid_frame', 'content'],
    [{ action: 'recall', content }, 'invalid_frame', 'content'],
    [{ action: 'hide' }, 'invalid_frame', 'action'],
    [{ action: 'edit', content, emoji: '👍' }, 'invalid_frame', 'emoji'],
    [{ action: 'edit', content, mentions: ['fay'] }, 'mention_invalid', 'mentions'],
    [{ action: 'edit', content, mentions: 'all' }, 'invalid_frame', 'mentions'],
    [{ action: 'recall', mentions: ['fay'] }, 'invalid_frame', 'mentions'],
    [{ action: 'react' }, 'invalid_frame', 'emoji'],
    [{ action: 'react', emoji: 'ok' }, 'invalid_frame', 'emoji'],
    [{ action: 'react', emoji: '👍', content }, 'invalid_frame', 'content'],
    [{ action: 'edit', content: { data: {} } }, 'action_refused', 'content'],
    [
      { action: 'edit', content: { ...content, attachments: [{ id: 'a'.repeat(32) }] } },
      'action_refused',
      'content.attachments',
    ],
    [{ action: 'edit', content: { location: { latitude: 1, longitude: 2 } } }, 'action_refused', 'content.location'],
    [{ action: 'edit', content: { text: 'x'.repeat(33_000) } }, 'content_too_large', 'content'],
  ];
  for (const [index, [frame, code, field]] of cases.entries()) {
    eve.send({ ...about, ...frame, ref: `r${index}` });
    expect(await eve.next('error')).toMatchObject({ code, field, ref: `r${index}` });
  }
  expect(await cluster.running.engines.messages.get([about])).toMatchObject([
    { content: { text: 'first words' }, revision: 0 },
  ]);
});

test('who is blocked does not reach the other user through an old message', async () => {
  const { socket, about } = await written('gil', 'hal');
  socket[Symbol.dispose]();
  await cluster.running.engines.blocks.block('hal', 'gil', 1);
  // The first node asked for the blocks when the message was sent.
  using gil = await logIn('gil', 2);
  for (const what of [
    { action: 'edit', content: { text: 'threats' } },
    { action: 'react', emoji: '👍' },
  ]) {
    gil.send({ ...about, ...what, ref: 'r' });
    expect(await gil.next('error')).toMatchObject({
      ref: 'r',
      code: expect.stringMatching(/^(blocked|action_refused)$/),
    });
  }
  expect(await cluster.running.engines.reactions.seen('gil', [about])).toEqual([null]);
  expect(await cluster.running.engines.messages.get([about])).toMatchObject([{ content: { text: 'first words' } }]);
  gil.send({ ...about, action: 'recall' });
  expect(await gil.next('recall')).toMatchObject({ by: 'gil' });
});
