import type { ServerFrameOf } from '@chasqui/protocol';
import { describe, expect, test } from 'vitest';
import { createClient, memoryStore, type Outgoing } from '../index.ts';
import { fromBob, id, ScriptedServer } from '../testing/scripted-server.ts';

function online(more: Parameters<ScriptedServer['options']>[0] = {}) {
  const server = new ScriptedServer();
  const client = createClient(server.options(more));
  client.connect().catch(() => undefined);
  server.login();
  return { server, client };
}

function ack({ clientMessageId }: Outgoing, n: number): ServerFrameOf<'send_ack'> {
  return { type: 'send_ack', clientMessageId, messageId: id(n), conversationId: 'amy~bob' };
}

function stored({ clientMessageId }: Outgoing, n: number, position: number): ServerFrameOf<'server_ack'> {
  return { type: 'server_ack', clientMessageId, messageId: id(n), conversationId: 'amy~bob', position };
}

const receipt = { type: 'receipt', conversationId: 'amy~bob', by: 'bob', at: 9 } as const;

function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'resolved',
    (error) => error.code,
  );
}

describe('sending', () => {
  test('C1 C2 C7: each promise resolves at its ack', async () => {
    const { server, client } = online();
    const outgoing = client.send({ to: 'bob', content: { text: 'hi' } });
    expect(server.got('chat')).toEqual([
      { type: 'chat', clientMessageId: outgoing.clientMessageId, to: 'bob', content: { text: 'hi' } },
    ]);
    expect(outgoing.state).toBe('sending');
    server.socket.send(ack(outgoing, 1));
    expect(await outgoing.queued).toEqual({ messageId: id(1) });
    server.socket.send(stored(outgoing, 1, 1));
    expect(await outgoing.stored).toEqual({ messageId: id(1) });
    server.socket.send({ ...receipt, state: 'unread', messageIds: [id(1)], position: 2 });
    expect(outgoing.state).toBe('unread');
    server.socket.send({ ...receipt, state: 'delivered', messageIds: [id(1)], position: 3 });
    expect(await outgoing.delivered).toEqual({ messageId: id(1), at: 9 });
    server.socket.send({ ...receipt, state: 'read', upTo: id(1), position: 4 });
    expect(await outgoing.read).toEqual({ messageId: id(1), at: 9 });
    expect(client.conversation('bob').messages.map(({ state }) => state)).toEqual(['read']);
    expect(client.outgoing()).toEqual([]);
  });

  test('C7: a later receipt implies the earlier ones, and nothing moves back', async () => {
    const { server, client } = online();
    const outgoing = client.send({ to: 'bob', content: { text: 'hi' } });
    server.socket.send(ack(outgoing, 1));
    server.socket.send({ ...receipt, state: 'read', upTo: id(1) });
    await Promise.all([outgoing.queued, outgoing.stored, outgoing.delivered, outgoing.read]);
    server.socket.send({ ...receipt, state: 'delivered', messageIds: [id(1)] });
    expect(outgoing.state).toBe('read');
    expect(client.conversation('bob').messages[0]?.state).toBe('read');
  });

  test('C7: a receipt that is faster than the ack of its message counts when that comes', async () => {
    const { server, client } = online();
    const outgoing = client.send({ to: 'bob', content: { text: 'hi' } });
    server.socket.send({ ...receipt, state: 'delivered', messageIds: [id(1)] });
    server.socket.send(ack(outgoing, 1));
    expect((await outgoing.delivered).at).toBe(9);
    expect(client.conversation('bob').messages[0]?.state).toBe('delivered');
  });

  test('C4: after a reconnect it is sent again under the same clientMessageId, until it is queued', () => {
    const { server, client } = online();
    const [first, second] = ['one', 'two'].map((text) => client.send({ to: 'bob', content: { text } }));
    server.socket.send(ack(first as Outgoing, 1));
    server.socket.close(1006);
    server.clock.run(500);
    server.login();
    expect(server.sockets).toHaveLength(2);
    expect(server.got('chat').map(({ clientMessageId, after }) => [clientMessageId, after])).toEqual([
      [second?.clientMessageId, id(1)],
    ]);
  });

  test('C5: a resend names what was seen when it was written, and not the answers that came since', () => {
    const { server, client } = online();
    server.socket.send(fromBob(1));
    client.send({ to: 'bob', content: { text: 'a question' } });
    server.socket.send(fromBob(3));
    server.socket.close(1006);
    server.clock.run(500);
    server.login();
    expect(server.got('chat').map(({ after }) => after)).toEqual([id(1)]);
  });

  test('C12: a retryable error sends it again after a back-off; `reconnect` at another node', () => {
    const { server, client } = online({ urls: ['ws://one', 'ws://two'] });
    const { clientMessageId: ref } = client.send({ to: 'bob', content: { text: 'hi' } });
    server.socket.send({ type: 'error', code: 'bus_unavailable', message: '', retry: 'backoff', ref });
    expect(server.got('chat')).toHaveLength(1);
    server.clock.run(300);
    expect(server.got('chat').map(({ clientMessageId }) => clientMessageId)).toEqual([ref, ref]);
    server.socket.send({ type: 'error', code: 'node_draining', message: '', retry: 'reconnect', ref });
    expect(client.state).toBe('offline');
    server.clock.run(300);
    server.login();
    expect(new Set(server.sockets.map(({ url }) => url)).size).toBe(2);
    expect(server.got('chat').map(({ clientMessageId }) => clientMessageId)).toEqual([ref]);
  });

  test('a refusal rejects its promises with the code, and only its', async () => {
    const { server, client } = online();
    const outgoing = client.send({ to: 'bob', content: { text: 'hi' } });
    const next = client.send({ to: 'bob', content: { text: 'and' } });
    const { clientMessageId: ref } = outgoing;
    server.socket.send({ type: 'error', code: 'content_invalid', message: 'no', retry: 'never', ref });
    expect(await codeOf(outgoing.queued)).toBe('content_invalid');
    expect(await codeOf(outgoing.read)).toBe('content_invalid');
    expect(client.conversation('bob').messages.map(({ state, refusal }) => [state, refusal])).toEqual([
      ['failed', 'content_invalid'],
      ['sending', undefined],
    ]);
    expect([outgoing.error?.code, next.error]).toEqual(['content_invalid', undefined]);
    server.socket.send(ack(next, 2));
    expect(await codeOf(next.queued)).toBe('resolved');
  });

  test('an error of the session is no refusal of the message', () => {
    const { server, client } = online();
    const outgoing = client.send({ to: 'bob', content: { text: 'hi' } });
    const { clientMessageId: ref } = outgoing;
    server.socket.send({ type: 'error', code: 'not_logged_in', message: '', retry: 'never', ref });
    expect(outgoing.state).toBe('sending');
  });

  test.each([
    ['content_too_large', { to: 'bob', content: { text: 'é'.repeat(16_384) } }],
    ['content_invalid', { to: 'bob', content: {} }],
    ['content_invalid', { to: 'bob', content: { text: '' } }],
    ['recipient_invalid', { to: 'no one', content: { text: 'x' } }],
    ['recipient_invalid', { to: 'amy', content: { text: 'x' } }],
    ['invalid_frame', { to: 'bob', content: { text: 'x' }, clientMessageId: 'a/b' }],
  ])('C15: %s is found before anything is sent', async (code, message) => {
    const { server, client } = online();
    const outgoing = client.send(message);
    expect(outgoing.error?.code).toBe(code);
    expect(await codeOf(outgoing.queued)).toBe(code);
    expect(server.got('chat')).toEqual([]);
  });

  test('C16: beyond the outbox bound a message is refused', async () => {
    const { client } = online({ limits: { maxOutbox: 2 } });
    const sent = [1, 2, 3].map(() => client.send({ to: 'bob', content: { text: 'x' } }));
    expect(sent.map(({ state }) => state)).toEqual(['sending', 'sending', 'failed']);
    expect(await codeOf(sent[2]?.stored ?? Promise.resolve())).toBe('overloaded');
  });

  test('shows and keeps what the content is as JSON when it is sent, whatever the application does to it later', () => {
    const { client } = online();
    const data = { when: new Date(0), list: [1] };
    const mentions = new Proxy(['bob'], {});
    const content = new Proxy({ text: 'x', data }, {});
    client.send({ conversationId: 'g_1', content, mentions });
    data.list.push(2);
    const [message] = client.conversation({ conversationId: 'g_1' }).messages;
    expect(structuredClone(message)).toMatchObject({
      content: { text: 'x', data: { when: '1970-01-01T00:00:00.000Z', list: [1] } },
      mentions: ['bob'],
    });
  });

  test('the same clientMessageId gives the same message', () => {
    const { server, client } = online();
    const message = { to: 'bob', content: { text: 'x' }, clientMessageId: 'mine' };
    expect(client.send(message)).toBe(client.send(message));
    expect(server.got('chat')).toHaveLength(1);
  });

  test('a message whose server_ack got lost is stored when the inbox has it', async () => {
    const { server, client } = online();
    const outgoing = client.send({ to: 'bob', content: { text: 'hi' } });
    server.socket.send(ack(outgoing, 1));
    server.clock.run(10_000);
    expect(server.got('sync_offline_messages')).toHaveLength(1);
    const { clientMessageId } = outgoing;
    const own = { ...fromBob(3), from: 'amy', to: 'bob', clientMessageId, position: 1, status: 'delivered' } as const;
    server.page({ updates: [own], position: 1 });
    expect(await outgoing.stored).toEqual({ messageId: id(3) });
    expect(outgoing.state).toBe('delivered');
    expect(client.conversation('bob').messages.map(({ messageId }) => messageId)).toEqual([id(3)]);
  });

  test('C5: an answer sorts after what it answers, also when it goes out after a restart', () => {
    const store = memoryStore();
    const { server, client } = online({ store });
    server.socket.send(fromBob(7, { position: 1 }));
    server.socket.close(1006);
    client.send({ to: 'bob', content: { text: 'an answer' } });
    client.close();
    const again = online({ store });
    expect(again.server.got('chat').map(({ content, after }) => [content?.text, after])).toEqual([
      ['an answer', id(7)],
    ]);
  });

  test('what was not stored survives a restart and goes out again; what was queued does not', async () => {
    const store = memoryStore();
    const { server, client } = online({ store });
    const [first, second] = ['one', 'two'].map((text) => client.send({ to: 'bob', content: { text } }));
    server.socket.send(ack(first as Outgoing, 1));
    client.close();
    expect(await codeOf((second as Outgoing).queued)).toBe('connection_closed');
    const again = online({ store });
    expect(again.client.outgoing().map(({ state }) => state)).toEqual(['queued', 'sending']);
    expect(again.server.got('chat').map(({ content }) => content?.text)).toEqual(['two']);
    again.server.socket.send(stored(first as Outgoing, 1, 1));
    expect(store.keys().filter((key) => key.startsWith('out/'))).toEqual([`out/${second?.clientMessageId}`]);
  });

  test('written before the first login it is shown, and becomes the user’s', () => {
    const server = new ScriptedServer();
    const client = createClient(server.options());
    client.send({ to: 'bob', content: { text: 'early' } });
    const view = client.conversation('bob');
    expect(view.messages[0]?.from).toBe('');
    client.connect().catch(() => undefined);
    server.login();
    expect(client.conversation('amy~bob').messages[0]).toMatchObject({ from: 'amy', conversationId: 'amy~bob' });
    expect(client.conversation('bob')).toBe(view);
    expect(client.conversations()).toEqual([view]);
    expect(server.got('chat')).toHaveLength(1);
  });

  test('promises that nobody awaits raise no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    const { client } = online();
    const outgoing = client.send({ to: 'bob', content: { text: 'hi' } });
    void [outgoing.queued, outgoing.stored, outgoing.delivered, outgoing.read];
    client.close();
    void outgoing.read;
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  test('C16: receipts are followed of the last stored messages; one that is not stored is not given up', async () => {
    const { server, client } = online({ limits: { maxFollowed: 1 } });
    const [first, second] = ['1', '2'].map((text) => client.send({ to: 'bob', content: { text } })) as [
      Outgoing,
      Outgoing,
    ];
    const { read } = first;
    server.socket.send(stored(first, 1, 1));
    expect(client.outgoing()).toHaveLength(2);
    server.socket.send(stored(second, 2, 2));
    expect(await codeOf(read)).toBe('deadline_exceeded');
    expect(client.outgoing()).toEqual([second]);
  });
});
