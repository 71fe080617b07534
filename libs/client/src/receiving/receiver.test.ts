import { describe, expect, test } from 'vitest';
import { online, stored } from '../testing/receiving-client.ts';
import { fromBob, id } from '../testing/scripted-server.ts';

describe('receiving', () => {
  test('C6: a live message is shown once, confirmed by `stored`, acked and then confirmed by position', () => {
    const { server, client, events } = online();
    server.socket.send(fromBob(1));
    server.socket.send(fromBob(1));
    server.socket.send(stored(1, 1));
    server.socket.send(fromBob(1, { position: 1 }));
    expect(events).toEqual(['message c1 at 0?', 'update c1 0>0']);
    expect(client.conversation('bob').messages[0]?.provisional).toBe(false);
    expect(server.got('ack')).toEqual([]);
    server.clock.run(5);
    expect(server.got('ack').map(({ messageIds }) => new Set(messageIds))).toEqual([new Set([id(1)])]);
    server.clock.run(1_000);
    expect(server.got('confirm_messages_synced').map(({ position, epoch }) => [position, epoch])).toEqual([[1, 'e1']]);
  });

  test('a burst is acked in one frame per conversation', () => {
    const { server } = online();
    for (const n of [1, 2, 3]) server.socket.send(fromBob(n));
    server.clock.run(5);
    expect(server.got('ack').map(({ messageIds }) => messageIds)).toEqual([[id(1), id(2), id(3)]]);
  });

  test('C5: messages stand in the order of their ids, whatever order they come in', () => {
    const { server, client, events } = online();
    for (const n of [2, 4, 3, 1]) server.socket.send(fromBob(n));
    expect(events).toEqual(['message c2 at 0?', 'message c4 at 1?', 'message c3 at 1?', 'message c1 at 0?']);
    expect(client.conversation('bob').messages.map(({ messageId }) => messageId)).toEqual([1, 2, 3, 4].map(id));
  });

  test('C6: one message under a second id is one message; `replaces` says which id it keeps', () => {
    const { server, client, events } = online();
    server.socket.send(fromBob(3));
    server.socket.send(fromBob(5, { clientMessageId: 'c3' }));
    server.socket.send(fromBob(4));
    server.socket.send(stored(2, 1, id(5)));
    expect(events).toEqual(['message c3 at 0?', 'message c4 at 1?', 'update c3 0>0']);
    expect(client.conversation('bob').messages.map(({ messageId }) => messageId)).toEqual([id(2), id(4)]);
  });

  test('a retract takes a provisional message away, and a message that comes again is shown again', () => {
    const { server, client, events } = online();
    const retract = { type: 'retract', messageId: id(1), conversationId: 'amy~bob' } as const;
    server.socket.send(fromBob(1));
    server.socket.send(retract);
    expect(client.conversation('bob').messages).toEqual([]);
    server.socket.send(fromBob(1));
    server.socket.send(stored(1, 1));
    server.socket.send(retract);
    expect(events).toEqual(['message c1 at 0?', 'retract 1', 'message c1 at 0?', 'update c1 0>0']);
  });

  test('C7: a message of which a receipt has come was stored after all: no retract takes it away', () => {
    const { server, client, events } = online();
    server.socket.send({ ...fromBob(1), from: 'amy', to: 'bob' });
    const receipt = { type: 'receipt', state: 'delivered', conversationId: 'amy~bob', by: 'bob', at: 2 } as const;
    server.socket.send({ ...receipt, messageIds: [id(1)], position: 2 });
    server.socket.send({ type: 'retract', messageId: id(1), conversationId: 'amy~bob' });
    server.socket.send({ ...fromBob(3), from: 'amy', to: 'bob', clientMessageId: 'c1' });
    server.socket.send(stored(1, 1, id(3)));
    expect(events).toEqual(['message c1 at 0?', 'update c1 0>0', 'update c1 0>0']);
    expect(client.conversation('bob').messages).toMatchObject([
      { messageId: id(1), state: 'delivered', provisional: false },
    ]);
  });

  test('a retract of one of two ids leaves the message under the other', () => {
    const { server, client, events } = online();
    server.socket.send(fromBob(3));
    server.socket.send(fromBob(5, { clientMessageId: 'c3' }));
    server.socket.send({ type: 'retract', messageId: id(3), conversationId: 'amy~bob' });
    expect(events).toEqual(['message c3 at 0?', 'update c3 0>0']);
    expect(client.conversation('bob').messages.map(({ messageId }) => messageId)).toEqual([id(5)]);
  });

  test('a provisional message that no sync confirms is dropped after its grace; one of an earlier connection sooner', () => {
    const { server, events } = online();
    server.socket.send(fromBob(1));
    server.clock.run(30_000);
    server.socket.send({ type: 'sync_needed' });
    server.page({});
    expect(events).toEqual(['message c1 at 0?']);
    server.clock.run(30_000);
    server.page({});
    expect(events.at(-1)).toBe('retract 1');
    server.socket.send(fromBob(2));
    server.socket.close(1006);
    server.clock.run(300);
    server.login();
    expect(events.at(-1)).toBe('message c2 at 0?');
    server.clock.run(5_000);
    server.page({});
    expect(events.at(-1)).toBe('retract 2');
  });

  test('own messages from another device are shown once too, and acked by nobody', () => {
    const { server, client, events } = online();
    server.socket.send({ ...fromBob(1), from: 'amy', to: 'bob' });
    server.clock.run(10);
    expect(events).toEqual(['message c1 at 0?']);
    expect(client.conversation('bob').messages[0]?.mine).toBe(true);
    expect(server.got('ack')).toEqual([]);
  });

  test('a recall empties the message, and the promise of the one who recalled resolves', async () => {
    const { server, client } = online();
    server.socket.send({ ...fromBob(1, { position: 1 }), from: 'amy', to: 'bob' });
    const done = client.recall('bob', id(1));
    expect(server.got('recall')).toMatchObject([{ conversationId: 'amy~bob', messageId: id(1) }]);
    const notice = {
      type: 'recall',
      conversationId: 'amy~bob',
      messageId: id(1),
      by: 'amy',
      at: 5,
      position: 2,
    } as const;
    server.socket.send(notice);
    await done;
    expect(client.conversation('bob').messages[0]).toMatchObject({ content: {}, recalledAt: 5 });
    const refused = client.recall('bob', id(2));
    const { ref = '' } = server.got('recall')[1] ?? {};
    server.socket.send({ type: 'error', code: 'recall_refused', message: '', retry: 'never', ref });
    await expect(refused).rejects.toMatchObject({ code: 'recall_refused' });
  });

  test('C8: what was read is told to the server, again after a reconnect, until the server says so itself', () => {
    const { server, client } = online();
    server.socket.send(fromBob(1, { position: 1 }));
    server.socket.send(fromBob(2, { position: 2 }));
    const reads = () => server.got('ack').filter(({ state }) => state === 'read');
    client.markRead('bob');
    client.markRead('bob', id(1));
    expect(reads().map(({ messageIds }) => messageIds)).toEqual([[id(2)]]);
    server.socket.close(1006);
    server.clock.run(300);
    server.login();
    expect(reads()).toHaveLength(1);
    server.socket.send({ type: 'read', conversationId: 'amy~bob', upTo: id(2), at: 1, position: 3 });
    expect(client.conversation('bob').readUpTo).toBe(id(2));
    server.socket.send({ type: 'sync_needed' });
    server.page({ position: 3 });
    client.markRead('bob');
    expect(reads()).toHaveLength(1);
  });

  test('what the server sends in vain harms nothing', () => {
    const { server, client, events } = online();
    server.socket.send({ type: 'of_the_future' } as never);
    server.socket.send(fromBob(1, { conversationId: 'x~y' }));
    server.socket.send({ type: 'error', code: 'too_fast', message: '', retry: 'backoff' });
    expect(events).toEqual(['error not_a_member', 'error too_fast']);
    expect(client.state).toBe('online');
  });
});
