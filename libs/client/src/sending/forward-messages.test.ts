import type { ServerFrameOf } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import {
  type ChatMessage,
  createClient,
  type ForwardableMessage,
  forwardMessages,
  memoryStore,
  type Outgoing,
} from '../index.ts';
import { fromBob, id, ScriptedServer } from '../testing/scripted-server.ts';

function online(more: Parameters<ScriptedServer['options']>[0] = {}) {
  const server = new ScriptedServer();
  const client = createClient(server.options(more));
  client.connect().catch(() => undefined);
  server.login();
  return { server, client };
}

const place = { conversationId: 'amy~bob', messageId: id(5) };
const forwarded = { from: 'bob', at: 5 };
const ack = ({ clientMessageId }: Outgoing, n: number, said: object = {}): ServerFrameOf<'send_ack'> => ({
  ...{ type: 'send_ack', clientMessageId, messageId: id(n), conversationId: 'amy~cid' },
  ...said,
});
const last = (client: ReturnType<typeof online>['client']) => client.conversation('cid').messages.at(-1);

test('a forward names its message, shows what is known of it, and then what the server took', async () => {
  const { server, client } = online();
  server.socket.send({ ...fromBob(5), position: 1 });
  const known = client.conversation('bob').messages as [ChatMessage];
  const [outgoing] = forwardMessages(client, known, { to: 'cid' }) as [Outgoing];
  const { clientMessageId } = outgoing;
  expect(server.got('chat')).toEqual([{ type: 'chat', clientMessageId, to: 'cid', forwardOf: place }]);
  const [{ content, sentAt }] = known;
  expect(last(client)).toMatchObject({ content, forwarded: { from: 'bob', at: sentAt }, state: 'sending' });
  server.socket.send(ack(outgoing, 9, { content: { text: 'edited since' }, forwarded }));
  expect(last(client)).toMatchObject({ content: { text: 'edited since' }, forwarded, state: 'queued' });
  const again = forwardMessages(client, client.conversation('cid').messages, { conversationId: 'amy~dan' });
  expect(again.map(({ to }) => to)).toEqual(['dan']);
  expect(client.conversation('dan').messages[0]).toMatchObject({ content: { text: 'edited since' }, forwarded });
  forwardMessages(client, known, { to: 'cid', withOrigin: false });
  expect(last(client)).not.toHaveProperty('forwarded');
  expect(server.got('chat').at(-1)).toMatchObject({ forwardOf: { ...place, withOrigin: false } });
});

test('C4: a forward survives a restart, and is sent again as it was', async () => {
  const store = memoryStore();
  const { client } = online({ store });
  const { clientMessageId } = client.send({ to: 'cid', content: { text: 'as I know it' }, forwardOf: place });
  client.close();
  const again = online({ store });
  expect(again.server.got('chat')).toMatchObject([{ clientMessageId, to: 'cid', forwardOf: place }]);
  expect(again.server.got('chat')[0]).not.toHaveProperty('content');
  again.server.socket.send({
    ...{ type: 'chat', messageId: id(9), conversationId: 'amy~cid', from: 'amy', fromDevice: 'd', clientMessageId },
    ...{
      kind: 'c2c',
      to: 'cid',
      content: { text: 'stored words' },
      forwarded,
      sentAt: 9,
      position: 1,
      status: 'stored',
    },
  } as ServerFrameOf<'chat'>);
  expect(last(again.client)).toMatchObject({ content: { text: 'stored words' }, forwarded, state: 'stored' });
});

test('a selection is forwarded in the order of its messages, each with its outcome', async () => {
  const { server, client } = online();
  const chosen = [7, 5, 6].map((n) => ({
    ...{ conversationId: 'amy~bob', messageId: id(n), from: 'bob', content: { text: `words ${n}` }, sentAt: n },
  }));
  const sent = forwardMessages(client, chosen, { to: 'cid' });
  const named = server.got('chat').map(({ forwardOf }) => forwardOf);
  expect(named).toEqual([5, 6, 7].map((n) => ({ conversationId: 'amy~bob', messageId: id(n) })));
  expect(sent.map(({ clientMessageId }) => clientMessageId)).toEqual(
    server.got('chat').map(({ clientMessageId }) => clientMessageId),
  );
  const unsent = { ...(chosen[0] as ForwardableMessage), messageId: '' as const };
  expect(() => forwardMessages(client, [...chosen, unsent], { to: 'cid' })).toThrow(
    expect.objectContaining({ code: 'invalid_frame' }),
  );
  expect(server.got('chat')).toHaveLength(3);
});
test('a forward that is stored before its ack came, under the ack of another copy or of a resend, says what the log says', () => {
  const { server, client } = online();
  const send = () => client.send({ to: 'cid', content: { text: 'as I know it' }, forwardOf: place });
  const stored = ({ clientMessageId }: Outgoing, n: number, position: number): ServerFrameOf<'server_ack'> => ({
    ...{ type: 'server_ack', clientMessageId, messageId: id(n), conversationId: 'amy~cid', position },
  });
  const logged = ({ clientMessageId }: Outgoing, n: number, position: number) => ({
    ...fromBob(n, { from: 'amy', to: 'cid', conversationId: 'amy~cid', position, forwarded }),
    ...{ clientMessageId, content: { text: `stored ${n}` } },
  });
  const first = send();
  server.socket.send(stored(first, 9, 1));
  expect(last(client)?.state).toBe('sending');
  server.clock.run(5_000);
  expect(server.got('sync_offline_messages')).toHaveLength(1);
  server.page({ updates: [logged(first, 9, 1)], position: 1 });
  expect(last(client)).toMatchObject({ content: { text: 'stored 9' }, forwarded, state: 'stored' });
  const second = send();
  server.socket.send(ack(second, 11, { content: { text: 'of a second copy' } }));
  server.socket.send(stored(second, 10, 2));
  server.clock.run(5_000);
  server.page({ updates: [logged(second, 10, 2)], position: 2 });
  expect(last(client)).toMatchObject({ messageId: id(10), content: { text: 'stored 10' }, state: 'stored' });
  const again = send();
  server.socket.send(ack(again, 13));
  server.socket.send(stored(again, 13, 3));
  server.clock.run(5_000);
  server.page({ updates: [logged(again, 13, 3)], position: 3 });
  expect(last(client)).toMatchObject({ content: { text: 'stored 13' }, state: 'stored' });
  const third = send();
  server.socket.send(ack(third, 14, { content: { text: 'taken' } }));
  server.socket.send(stored(third, 14, 4));
  expect(last(client)).toMatchObject({ content: { text: 'taken' }, state: 'stored' });
});

test('C6: a refused forward of which an earlier copy is stored after all is that message, once', () => {
  const { server, client } = online();
  const news: string[] = [];
  client.on('message', ({ message }) => news.push(message.messageId));
  const { clientMessageId } = client.send({ to: 'cid', content: { text: 'as I know it' }, forwardOf: place });
  const refusal = { code: 'message_not_found', message: 'none', retry: 'never', ref: clientMessageId } as const;
  server.socket.send({ type: 'error', ...refusal });
  expect(last(client)).toMatchObject({ state: 'failed', refusal: 'message_not_found' });
  const stored = fromBob(9, { from: 'amy', to: 'cid', conversationId: 'amy~cid', position: 1 });
  server.socket.send({ type: 'sync_needed' });
  server.page({ updates: [{ ...stored, clientMessageId }], position: 1 });
  expect(client.conversation('cid').messages).toMatchObject([{ content: { text: 'text 9' }, state: 'stored' }]);
  expect(last(client)).not.toHaveProperty('refusal');
  expect(news).toEqual([]);
});
