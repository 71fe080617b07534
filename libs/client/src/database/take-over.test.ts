import { expect, test } from 'vitest';
import { type ClientStore, createClient, memoryStore } from '../index.ts';
import { ScriptedServer } from '../testing/scripted-server.ts';
import { TestDatabase } from '../testing/test-database.ts';
import { takeOver } from './take-over.ts';

/** A store of texts in which a user, who had logged in, left an unsent message. */
function usedBy(server: ScriptedServer, userId: string): ClientStore {
  const store = memoryStore();
  const client = createClient(server.options({ store }));
  void client.connect();
  server.login({ position: 7 }, userId);
  server.clock.run(100);
  client.send({ to: 'bob', content: { text: `by ${userId}` }, clientMessageId: 'one' });
  client.close();
  return store;
}

test.each([
  ['the user’s own unsent messages, and nothing else', 'amy', ['out/one']],
  ['nothing of another user', 'eve', []],
])('takes %s, and empties the former store', async (_, userId, taken) => {
  const server = new ScriptedServer();
  const database = new TestDatabase(server.clock, () => 0);
  const before = usedBy(server, userId);
  const done = takeOver(database.engine(), 'amy', before);
  server.clock.run(1);
  await done;
  expect([[...database.kept.texts.keys()], before.keys()]).toEqual([taken, []]);
});
