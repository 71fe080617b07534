import { expect, test } from 'vitest';
import { createClient } from '../index.ts';
import { ScriptedServer } from '../testing/scripted-server.ts';
import { TestDatabase } from '../testing/test-database.ts';

test('what the server has answered is written at once: whoever reloads the page then does not find the draft of what was sent', async () => {
  const server = new ScriptedServer();
  const database = new TestDatabase(server.clock, () => 20);
  let position = 0;
  const client = createClient(
    server.options({
      store: database.open('amy'),
      sendState: async (_, { draft = '' }) => ({ state: { draft, changedAt: ++position }, position }),
    }),
  );
  client.connect().catch(() => undefined);
  server.login();
  server.clock.run(100);
  const kept = () => [...database.kept.texts.values()].filter((text) => text.includes('"draft":"hel')).length;
  await client.setState('bob', { draft: 'hel' });
  server.clock.run(20);
  expect(kept()).toBe(1);
  await client.setState('bob', { draft: '' });
  server.clock.run(20);
  expect(kept()).toBe(0);
});
