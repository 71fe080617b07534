import { join } from 'node:path';
import { type Clock, CONVERSATION_TOPIC, HybridClock } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import { expect, onTestFinished, test } from 'vitest';
import { openEmbeddedEngines } from './index.ts';
import { direct, toPut } from './testing/direct-messages.ts';
import { parts, scratchFolder } from './testing/scratch.ts';

const BACK_MS = 20 * 60_000;
const folder = scratchFolder();
let made = 0;

/** This machine's clock, which a test can set back or forward. */
function settable() {
  let offset = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + offset };
  return {
    clock,
    set(ms: number) {
      offset += ms;
    },
  };
}

async function open(clock: Clock, dataDir: string) {
  const engines = await openEmbeddedEngines({ ...parts, clock, dataDir });
  onTestFinished(() => engines[Symbol.asyncDispose]());
  const bodies: string[] = [];
  const arrived = Promise.withResolvers<void>();
  engines.bus.consume({
    topic: CONVERSATION_TOPIC,
    group: 'g',
    async handle(batch) {
      for (const { body } of batch) bodies.push(body);
      arrived.resolve();
    },
  });
  return { engines, arrived: arrived.promise };
}

test.each([false, true])(
  'what waits on the bus comes after its delay, though the clock is set back meanwhile (with a restart: %s)',
  async (restarts) => {
    const { clock, set } = settable();
    const dataDir = join(folder, String(++made));
    const first = await open(clock, dataDir);
    const later = { topic: CONVERSATION_TOPIC, shard: 0, body: '[]', delayMs: 500 };
    set(-BACK_MS);
    // The engine's own clock went on, so it is now ahead of the machine's.
    await first.engines.bus.publish(later);
    set(-BACK_MS);
    if (restarts) await first.engines[Symbol.asyncDispose]();
    const { arrived } = restarts ? await open(clock, dataDir) : first;
    await arrived;
  },
);

test('C5: after a restart behind a clock that was set back, the store tells the newest id, wherever it lies', async () => {
  const { clock } = settable();
  const dataDir = join(folder, String(++made));
  const ids = new HybridClock({ now: () => clock.now() + BACK_MS, tag: 1 });
  let newest = '';
  let written = 0;
  for (const count of [0, 1, 1_022, 1, 1_100]) {
    const { engines } = await open(clock, dataDir);
    expect(await engines.locator.newest()).toBe(newest === '' ? null : newest);
    const messages = Array.from({ length: count }, () => {
      newest = ids.next();
      return toPut(direct({ messageId: newest, clientMessageId: `k${++written}` }));
    });
    await engines.messages.put(messages);
    expect(await engines.locator.newest()).toBe(newest === '' ? null : newest);
    await engines[Symbol.asyncDispose]();
  }
});
