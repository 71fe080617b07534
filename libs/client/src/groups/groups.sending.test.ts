import { describe, expect, test } from 'vitest';
import { createClient, memoryStore } from '../index.ts';
import { head, inTeam, online, stored } from '../testing/group-client.ts';
import { fromBob, id, ScriptedServer } from '../testing/scripted-server.ts';

describe('reading, typing and sending', () => {
  test('C8: a mark on a message whose id may change waits for the final id', () => {
    const { server, client, page } = online();
    client.openGroup('team');
    page([inTeam(2, { position: 2 })]);
    server.socket.send(inTeam(3));
    client.markRead({ conversationId: 'team' });
    const marks = () => server.got('ack').map(({ messageIds }) => messageIds);
    expect(marks()).toEqual([[id(2)]]);
    server.socket.send(stored({ messageId: id(5), position: 3, replaces: id(3) }));
    server.clock.run(10);
    expect(marks()).toEqual([[id(2)], [id(5)]]);
    expect(server.got('ack')[1]).toMatchObject({ state: 'read', conversationId: 'team' });
  });

  test('how far others have read is kept while the group is open, forward only', () => {
    const { server, client } = online();
    client.openGroup('team');
    for (const [by, n] of [...[['bob', 2] as const, ['bob', 1] as const], ['carol', 1] as const]) {
      server.socket.send({ type: 'read_mark', conversationId: 'team', by, upTo: id(n), at: 5 });
    }
    expect([...client.group('team').readMarks]).toEqual(
      [
        ['carol', id(1)],
        ['bob', id(2)],
      ].toSorted(),
    );
    client.closeGroup('team');
    expect([...client.group('team').readMarks]).toEqual([]);
  });

  test('a group and a user of the same id are two conversations', () => {
    const { server, client, shown } = online();
    client.send({ to: 'team', content: { text: 'to the user' } });
    client.send({ conversationId: 'team', content: { text: 'to the group' }, mentions: 'all', clientMessageId: 'k' });
    client.typing('team');
    client.typing({ conversationId: 'team' }, false);
    expect(server.got('chat')).toMatchObject([{ to: 'team' }, { conversationId: 'team', mentions: 'all' }]);
    expect(server.got('chat')[1]).not.toHaveProperty('follows');
    expect(server.got('typing')).toEqual([
      { type: 'typing', to: 'team', active: true },
      { type: 'typing', conversationId: 'team', active: false },
    ]);
    expect(client.conversation('team').messages.map(({ content }) => content.text)).toEqual(['to the user']);
    expect(shown()).toEqual(['k']);
    const typing: object[] = [];
    client.on('typing', (event) => typing.push(event));
    for (const from of ['amy', 'bob']) {
      server.socket.send({ type: 'typing', conversationId: 'team', from, active: true });
    }
    expect(typing).toEqual([{ conversationId: 'team', peer: '', from: 'bob', active: true }]);
  });

  test('an own message moves the head without counting, also in a closed group; a group tells no receipts', async () => {
    const { server, client, counts } = online();
    const outgoing = client.send({ conversationId: 'team', content: { text: 'mine' }, clientMessageId: 'k' });
    const ids = { clientMessageId: 'k', messageId: id(3), conversationId: 'team' };
    server.socket.send({ type: 'send_ack', ...ids });
    server.socket.send({ type: 'server_ack', ...ids, messageId: id(4), replaces: id(3), position: 3 });
    await expect(outgoing.stored).resolves.toEqual({ messageId: id(4) });
    await expect(outgoing.read).rejects.toMatchObject({ code: 'not_allowed' });
    expect(client.outgoing()).toEqual([]);
    expect(client.group('team').head).toMatchObject({ lastMessageId: id(4), lastFrom: 'amy', preview: 'mine' });
    expect(counts()).toEqual([1, 0]);
    client.openGroup('team');
    expect(client.group('team').messages).toMatchObject([{ messageId: id(4), state: 'stored' }]);
  });

  test('C18: what the group refuses after it was queued fails; without an answer it is sent again', async () => {
    const { server, client } = online();
    const outgoing = client.send({ conversationId: 'team', content: { text: 'late' }, clientMessageId: 'k' });
    server.socket.send({ type: 'send_ack', clientMessageId: 'k', messageId: id(3), conversationId: 'team' });
    server.clock.run(10_000);
    expect(server.got('chat').map(({ clientMessageId }) => clientMessageId)).toEqual(['k', 'k']);
    server.socket.send({ type: 'error', code: 'muted', message: '', retry: 'never', ref: 'k' });
    await expect(outgoing.stored).rejects.toMatchObject({ code: 'muted' });
    expect(client.group('team').messages).toMatchObject([{ state: 'failed', refusal: 'muted' }]);
    server.clock.run(30_000);
    expect(server.got('chat')).toHaveLength(2);
  });

  test('C18: of many messages without an answer, those that were not sent again for the longest time have their turn', () => {
    const { server, client } = online([head()], { limits: { maxInFlight: 1 } });
    for (const clientMessageId of ['k1', 'k2']) {
      client.send({ conversationId: 'team', content: { text: 'late' }, clientMessageId });
      const messageId = id(clientMessageId === 'k1' ? 3 : 4);
      server.socket.send({ type: 'send_ack', clientMessageId, messageId, conversationId: 'team' });
    }
    for (let i = 0; i < 3; i++) {
      server.clock.run(10_000);
      server.socket.send({ type: 'pong', serverTime: 1 });
    }
    expect(server.got('chat').map(({ clientMessageId }) => clientMessageId)).toEqual(['k1', 'k2', 'k1', 'k2', 'k1']);
  });

  test('an unsent message to a group is sent to it after a restart', () => {
    const store = memoryStore();
    const first = createClient(new ScriptedServer().options({ store }));
    first.send({ conversationId: 'team', content: { text: 'later' }, mentions: ['bob'] });
    first.close();
    const { server, shown } = online([head()], { store });
    expect(server.got('chat')).toMatchObject([{ conversationId: 'team', mentions: ['bob'] }]);
    expect(shown()).toHaveLength(1);
  });

  test('C15: what no server would take is refused at once', async () => {
    const { client } = online();
    const content = { text: 'x' };
    const refusals = [
      client.send({ conversationId: 'x~y', content }),
      client.send({ content }),
      client.send({ to: 'bob', content, mentions: 'all' }),
      client.send({ conversationId: 'team', content, mentions: [] }),
      client.send({ conversationId: 'team', content, mentions: ['bob', 'bob'] }),
    ].map(({ error }) => error?.details.field);
    expect(refusals).toEqual(['to', 'to', 'mentions', 'mentions', 'mentions']);
    expect(client.send({ conversationId: 'amy~bob', content }).to).toBe('bob');
  });

  test('what the user sets in a group is not set in the conversation with a user of the same id', async () => {
    const { server, client } = online([head()], {
      sendState: async () => ({ state: { archived: true }, position: 2 }),
    });
    server.socket.send({ type: 'conversation_state', conversationId: 'team', state: { pinnedAt: 7 }, position: 1 });
    expect(client.group('team').state.pinnedAt).toBe(7);
    const changed = client.setState({ conversationId: 'team' }, { archived: true });
    expect(client.group('team').state).toMatchObject({ pinnedAt: 7, archived: true });
    await changed;
    expect(client.group('team').state).toMatchObject({ pinnedAt: 0, archived: true });
    expect(client.conversation('team').state.archived).toBe(false);
  });

  /** The store of a client that ended when message 3 of the group was provisional. */
  function afterProvisional() {
    const store = memoryStore();
    const first = online([head()], { store });
    first.client.openGroup('team');
    first.page([], { position: 2 });
    first.server.socket.send(inTeam(3));
    first.server.clock.run(10);
    first.client.close();
    return store;
  }

  test('C16: own messages in closed groups, and what an earlier run left in them, leave room for others', () => {
    const store = afterProvisional();
    const limits = { maxProvisional: 1 };
    const { server, client, events, list } = online(null, { store, limits });
    client.send({ conversationId: 'team', content: { text: 'mine' }, clientMessageId: 'k' });
    const ids = { clientMessageId: 'k', messageId: id(4), conversationId: 'team' };
    server.socket.send({ type: 'send_ack', ...ids });
    server.socket.send({ type: 'server_ack', ...ids, position: 3 });
    server.socket.send(fromBob(8));
    expect(events).toEqual(['retract 3', 'message c8?']);
    list([]);
    server.socket.send({ type: 'retract', messageId: id(8), conversationId: 'amy~bob' });
    server.socket.send(fromBob(9));
    expect(events.slice(2)).toEqual(['retract 8', 'message c9?']);
  });

  test('what an earlier run left provisional in a group that is not opened is withdrawn once the groups are known', () => {
    const store = afterProvisional();
    const { events } = online([], { store });
    expect(events).toEqual(['retract 3']);
  });

  test('C6: written before the first login, a message to a group becomes the user’s', () => {
    const server = new ScriptedServer();
    const client = createClient(server.options());
    client.connect().catch(() => undefined);
    client.send({ conversationId: 'team', content: { text: 'hello' } });
    server.login();
    expect(client.group('team').messages).toMatchObject([{ from: 'amy', mine: true, conversationId: 'team' }]);
  });

  test('C21: a late copy of a message that has its place in the log does not count again', () => {
    const { server, client, page } = online();
    client.openGroup('team');
    page([inTeam(2, { position: 2 })]);
    const before = client.group('team').head;
    const { clientMessageId } = inTeam(2);
    server.socket.send(inTeam(9, { clientMessageId }));
    expect(client.group('team').head).toBe(before);
  });
});
