import { describe, expect, test } from 'vitest';
import { createClient } from '../index.ts';
import { Run, update } from '../testing/database-run.ts';

describe('whose data a database has', () => {
  test('C3: is empty once it is cleared after its client closed, so that the next client gets all of the inbox', async () => {
    const run = new Run();
    run.server.login({ updates: [update(1)], position: 1 });
    run.server.socket.send(update(2));
    // Closing writes twice: the second write waits for the first.
    run.client.close();
    const cleared = run.store.clear();
    run.server.clock.run(100);
    await cleared;
    run.server.clock.run(100);
    expect([[...run.database.kept.texts], run.database.kept.newest('amy~bob')]).toEqual([[], []]);
    run.again();
    run.server.login({ updates: [update(1), update(2)], position: 2 });
    expect(run.server.got('login').at(-1)?.position).toBe(0);
    expect(run.texts()).toEqual(['text 1', 'text 2']);
  });

  test('is emptied when somebody else logs in, shows nothing of its user, and gets nothing of the other', () => {
    const run = new Run();
    run.server.login({ updates: [update(1)], position: 1 });
    run.server.clock.run(100);
    run.again();
    eveLogsIn(run);
    expect(run.texts()).toEqual(['for eve']);
    expect([...run.database.kept.texts.keys(), ...run.database.kept.recent()]).toEqual([]);
    expect(run.client.storageError?.code).toBe('store_unavailable');
    run.again();
    expect([run.client.userId, run.client.conversations()]).toEqual(['amy', []]);
  });

  test('gets nothing of somebody else who is the first to log in', () => {
    const run = new Run();
    run.client.send({ to: 'bob', content: { text: 'by amy' } });
    run.server.login({}, 'eve');
    expect(run.client.outgoing()).toEqual([]);
    eveLogsIn(run);
    expect(run.server.got('chat')).toEqual([]);
    expect([...run.database.kept.texts.keys(), ...run.database.kept.recent()]).toEqual([]);
  });

  test('shows nothing of somebody else whose data is in it', () => {
    const run = new Run();
    run.server.login({ updates: [update(1)], position: 1 });
    run.server.clock.run(100);
    run.store = run.database.open('eve');
    const client = createClient(run.server.options({ store: run.store }));
    run.server.clock.run(100);
    expect([client.userId, client.conversations()]).toEqual(['eve', []]);
    expect([...run.database.kept.texts.keys(), ...run.database.kept.recent()]).toEqual([]);
  });
});

/** The token function brings another user's token; the client ends that session, and logs in anew. */
function eveLogsIn(run: Run): void {
  run.server.login({}, 'eve');
  run.server.clock.run(5_000);
  const message = { conversationId: 'bob~eve', to: 'eve', content: { text: 'for eve' } };
  run.server.login({ updates: [update(1, message)], position: 1 }, 'eve');
  run.server.clock.run(5_000);
}
