import { describe, expect, test } from 'vitest';
import { createClient, localStorageStore, memoryStore } from '../index.ts';
import { update } from '../testing/database-run.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { id, ScriptedServer } from '../testing/scripted-server.ts';
import { TestDatabase } from '../testing/test-database.ts';
import { database } from './database.ts';
import { indexedDBStore } from './indexeddb.ts';

describe('a database that fails', () => {
  test('C6: gets nothing more, memory takes its place, and the client says so once', () => {
    const server = new ScriptedServer();
    const kept = new TestDatabase(new ManualClock(), () => 0);
    const engine = kept.engine();
    let writes = 0;
    const filling = {
      ...engine,
      write() {
        if (++writes === 2) throw new DOMException('full', 'QuotaExceededError');
        return undefined;
      },
    };
    const full = database(filling, 'amy');
    const client = createClient(server.options({ store: full }));
    const told: (string | undefined)[] = [];
    client.on('storage', ({ error }) => told.push(error?.code));
    void client.connect();
    server.login({ updates: [update(1)], position: 1 });
    server.clock.run(100);
    server.socket.send(update(2));
    server.clock.run(2_000);
    expect(client.storageError?.code).toBe('store_unavailable');
    expect(client.conversation('bob').messages.length).toBe(2);
    expect(server.got('ack').flatMap(({ messageIds }) => messageIds)).toEqual([id(2)]);
    expect(writes).toBe(2);
    client.close();
    const next = createClient(server.options({ store: full }));
    next.send({ to: 'bob', content: { text: 'hello' } });
    expect([next.storageError?.code, writes]).toEqual(['store_unavailable', 2]);
  });

  test('where the platform has or gives no IndexedDB, the client works in memory, and says so', async () => {
    const before = memoryStore();
    before.set('out/1', '{}');
    const denied = await indexedDBStore({ server: 'https://chat.example', userId: 'amy', takeOver: before });
    const client = createClient({
      token: 'jwt',
      deviceId: 'phone',
      urls: ['ws://node'],
      store: denied,
      transport: silent,
    });
    expect(client.storageError?.code).toBe('store_unavailable');
    const sent = client.send({ to: 'bob', content: { text: 'hello' } });
    expect([sent.state, client.conversation('bob').messages.length]).toEqual(['sending', 1]);
    expect(await client.localMessages('bob')).toEqual([]);
    client.close();
    await expect(denied.clear()).rejects.toThrow();
    denied.close();
    expect(before.keys()).toEqual(['out/1']);
  });

  test('a store of texts keeps no messages', async () => {
    const store = localStorageStore(
      'chat',
      () => ({ length: 0, getItem: () => null, setItem: () => undefined }) as never,
    );
    const client = createClient({ token: 'jwt', deviceId: 'phone', urls: ['ws://node'], store, transport: silent });
    expect(await client.localMessages('bob')).toEqual([]);
    client.close();
  });
});

const silent = () => ({ send: () => undefined, close: () => undefined });
