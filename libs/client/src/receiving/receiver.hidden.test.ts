import { expect, test } from 'vitest';
import { createClient, memoryStore } from '../index.ts';
import { fromBob, id, ScriptedServer } from '../testing/scripted-server.ts';

function online() {
  const server = new ScriptedServer();
  const client = createClient(server.options());
  client.connect().catch(() => undefined);
  server.login();
  const shown = () => client.conversation('bob').messages.map(({ messageId }) => messageId);
  const hide = (n: number, position: number) =>
    server.socket.send({ type: 'hidden', conversationId: 'amy~bob', messageIds: [id(n)], at: 9, position });
  return { server, client, shown, hide };
}

test('what the user has hidden stays away when a page that was read before brings it again', () => {
  const { server, shown, hide } = online();
  server.socket.send(fromBob(1, { position: 1 }));
  server.socket.send({ type: 'sync_needed' });
  hide(1, 2);
  expect(shown()).toEqual([]);
  server.page({ updates: [fromBob(1, { position: 1 })], position: 1 });
  expect(shown()).toEqual([]);
});

test('a message that comes live after it was hidden is not shown', () => {
  const { server, client, shown, hide } = online();
  const news: string[] = [];
  client.on('message', ({ message }) => news.push(message.messageId));
  hide(1, 2);
  server.socket.send(fromBob(1));
  server.clock.run(5_000);
  server.page({ updates: [fromBob(1, { position: 1 }), fromBob(3, { position: 3 })], position: 3 });
  expect([shown(), news]).toEqual([[id(3)], [id(3)]]);
});

test('an own message that another device has hidden is away once it is known under which id it is stored', () => {
  const { server, client, shown, hide } = online();
  const { clientMessageId } = client.send({ to: 'bob', content: { text: 'hi' } });
  hide(1, 2);
  const ack = { clientMessageId, messageId: id(1), conversationId: 'amy~bob' };
  server.socket.send({ type: 'send_ack', ...ack });
  expect(shown()).toEqual([]);
  server.socket.send({ type: 'server_ack', ...ack, position: 1 });
  expect(shown()).toEqual([]);
});

test('an own message that was hidden, and that the client holds for unstored after a restart, goes when the log says so', () => {
  const store = memoryStore();
  const first = new ScriptedServer();
  const client = createClient(first.options({ store }));
  client.connect().catch(() => undefined);
  first.login();
  const { clientMessageId } = client.send({ to: 'bob', content: { text: 'hi' } });
  client.close();
  const server = new ScriptedServer();
  const again = createClient(server.options({ store }));
  again.connect().catch(() => undefined);
  const { content: _, ...logged } = fromBob(1, { from: 'amy', to: 'bob', clientMessageId, position: 1, hidden: true });
  server.login({ updates: [logged], position: 1 });
  expect(again.conversation('bob').messages).toEqual([]);
});
