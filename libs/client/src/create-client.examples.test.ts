import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { sendAndReceive } from '../../../docs/examples/send-and-receive.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { seeded } from './testing/random.ts';
import { World } from './testing/world.ts';
import { worldTransport } from './testing/world-session.ts';

test('docs/examples/send-and-receive.ts does what it says', async () => {
  const clock = new ManualClock();
  const world = new World(clock, seeded(1), { amy: ['phone'], bob: ['phone'] });
  const shared = { urls: ['ws://0'], deviceId: 'phone', transport: worldTransport(world), clock, random: seeded(2) };
  let seen: string[] | undefined;
  const done = sendAndReceive({ ...shared, token: 'amy' }, { ...shared, token: 'bob' }).then((lines) => {
    seen = lines;
  });
  while (seen === undefined) {
    clock.run(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
  expect(seen).toEqual(['bob got: hello, bob', 'amy got: hello, amy', 'read: hello, bob', 'stored: hello, amy']);
});

test('docs/client.md shows the example as it is', async () => {
  const file = (path: string) => readFile(new URL(`../../../docs/${path}`, import.meta.url), 'utf8');
  const [prose, example] = await Promise.all([file('client.md'), file('examples/send-and-receive.ts')]);
  expect(prose).toContain(`\`\`\`ts\n${example}\`\`\``);
});
