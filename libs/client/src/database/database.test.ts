import { describe, expect, test } from 'vitest';
import { createClient } from '../index.ts';
import { asked, Run, update } from '../testing/database-run.ts';
import { id, ScriptedServer } from '../testing/scripted-server.ts';
import { TestDatabase } from '../testing/test-database.ts';

describe('a client with a database', () => {
  test('C10: acks and confirms messages when they are written, not before', () => {
    const { server, client } = new Run();
    server.login({ updates: [update(1)], position: 1, caughtUp: true });
    server.socket.send(update(2));
    server.clock.run(15);
    expect([server.got('ack'), server.got('confirm_messages_synced')]).toEqual([[], []]);
    expect(client.conversation('bob').messages.length).toBe(2);
    server.clock.run(2_000);
    expect(server.got('ack').flatMap(({ messageIds }) => messageIds)).toEqual([id(2)]);
    expect(server.got('confirm_messages_synced').at(-1)).toMatchObject({ position: 2, epoch: 'e1' });
  });

  test('C6: a message that came just before one is sent is shown once, whatever is written when the program crashes', () => {
    const run = new Run();
    run.server.login();
    run.server.clock.run(100);
    const shown: string[] = [];
    const follow = () => run.client.on('message', ({ message }) => shown.push(message.messageId));
    follow();
    run.server.socket.send(update(1));
    run.client.send({ to: 'bob', content: { text: 'mine' } });
    run.server.clock.run(22);
    run.again();
    follow();
    const before = run.client.conversation('bob').messages.map(({ messageId }) => messageId);
    run.server.login({ updates: [update(1)], position: 1 });
    expect([before, shown]).toEqual([[''], [id(1), id(1)]]);
  });

  test('opens with its content, marks and states, and asks the log for the rest', async () => {
    const run = new Run();
    const mine = { from: 'amy', clientMessageId: 'mine', to: 'bob' };
    const updates = [update(1), update(2, mine), update(3)];
    run.server.login({ updates, position: 3 });
    const at = { conversationId: 'amy~bob', at: 9 };
    run.server.socket.send({ type: 'read', upTo: id(1), position: 4, ...at });
    run.server.socket.send({ type: 'receipt', state: 'read', by: 'bob', upTo: id(2), position: 5, ...at });
    const state = { archived: true };
    run.server.socket.send({ type: 'conversation_state', conversationId: 'amy~bob', state, position: 6 });
    run.server.clock.run(100);
    run.again();
    const { messages, readUpTo, peerReadUpTo, state: kept } = run.client.conversation('bob');
    expect(messages.map((message) => message.state)).toEqual(['stored', 'read', 'stored']);
    expect([readUpTo, peerReadUpTo, kept.archived]).toEqual([id(1), id(2), true]);
    expect(await run.client.localMessages('bob', { before: id(3), limit: 1 })).toEqual([messages[1]]);
    run.server.login({ position: 6 });
    expect(run.server.got('login').at(-1)).toMatchObject({ position: 6, epoch: 'e1' });
  });

  test('recalls and receipts change what is kept, also when it is not in memory', async () => {
    const run = new Run();
    const mine = { from: 'amy', clientMessageId: 'mine', to: 'bob' };
    const updates = Array.from({ length: 25 }, (_, i) => update(i + 1, i === 1 ? mine : {}));
    run.server.login({ updates, position: 25 });
    run.server.clock.run(100);
    run.again();
    expect(run.texts().length).toBe(20);
    run.server.login({ position: 25 });
    const at = { conversationId: 'amy~bob', at: 9 };
    run.server.socket.send({ type: 'recall', messageId: id(1), by: 'bob', position: 26, ...at });
    run.server.socket.send({
      type: 'receipt',
      state: 'delivered',
      by: 'bob',
      messageIds: [id(2)],
      position: 27,
      ...at,
    });
    const before = { before: id(3) };
    expect(await asked(run, () => run.client.localMessages('bob', before))).toMatchObject([
      { content: {}, recalledAt: 9, recalledBy: 'bob' },
      { state: 'delivered', content: { text: 'text 2' } },
    ]);
    run.again();
    expect(await run.client.localMessages('bob', before)).toMatchObject([
      { content: {}, recalledAt: 9, recalledBy: 'bob' },
      { state: 'delivered' },
    ]);
  });

  test('an edit is kept with its time and its revision, so that an older one changes nothing after a restart', () => {
    const about = { type: 'action', action: 'edit', conversationId: 'amy~bob', messageId: id(1), by: 'bob' } as const;
    const edit = (revision: number, position: number) => {
      return { ...about, content: { text: `edit ${revision}` }, at: 9, editedAt: revision, revision, position };
    };
    const run = new Run();
    run.server.login({ updates: [update(1)], position: 1, caughtUp: true });
    run.server.socket.send(edit(2, 2));
    run.server.clock.run(2_000);
    run.again();
    const shown = { content: { text: 'edit 2' }, editedAt: 2, revision: 2 };
    expect(run.client.conversation('bob').messages).toMatchObject([shown]);
    run.server.login();
    run.server.socket.send(edit(1, 3));
    run.server.clock.run(2_000);
    run.again();
    expect(run.client.conversation('bob').messages).toMatchObject([shown]);
  });

  test('C10: a reset of the inbox removes what was kept, and what the new log has is kept again', async () => {
    const run = new Run();
    run.server.login({ updates: [update(1), update(2)], position: 2 });
    run.server.clock.run(100);
    run.again();
    run.server.login({
      updates: [update(2, { position: 1 }), update(3, { position: 2 })],
      position: 2,
      epoch: 'e2',
      reset: true,
    });
    run.server.clock.run(100);
    expect(run.database.kept.newest('amy~bob').map(({ messageId }) => messageId)).toEqual([id(2), id(3)]);
  });

  test('keeps the newest messages of the conversations that were used last', async () => {
    const server = new ScriptedServer();
    const kept = new TestDatabase(server.clock, () => 0);
    const store = kept.open('amy', { maxMessages: 10, maxConversations: 2 });
    const client = createClient(server.options({ store }));
    void client.connect();
    const of = (user: string, n: number) => update(n, { conversationId: `amy~${user}`, from: user });
    const long = Array.from({ length: 200 }, (_, i) => of('dan', i + 1));
    server.login({ updates: [...long, of('bob', 201), of('carol', 202)], position: 202 });
    server.clock.run(100);
    expect(kept.kept.newest('amy~dan')).toEqual([]);
    expect([...kept.kept.texts.keys()].filter((key) => key.startsWith('conversation/')).toSorted()).toEqual([
      'conversation/amy~bob',
      'conversation/amy~carol',
    ]);
    // A state is no use: bob's, the older one, makes room.
    client.giveState('bob', { archived: true });
    server.socket.send(of('dan', 203));
    server.clock.run(100);
    expect([...kept.kept.texts.keys()].filter((key) => key.startsWith('conversation/')).toSorted()).toEqual([
      'conversation/amy~carol',
      'conversation/amy~dan',
    ]);
    const sizes = [204, 264].map((first) => {
      for (let n = first; n < first + 60; n++) server.socket.send(of('dan', n));
      server.clock.run(100);
      return kept.kept.newest('amy~dan').length;
    });
    expect(sizes).toEqual([61, 10]);
  });
});
