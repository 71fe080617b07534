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
