import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedEngines, serveEmbeddedEngines } from '@chasqui/embedded';
import { assemble, type CommonConfig, silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { expect, onTestFinished, test } from 'vitest';
import { onOwnEngines } from './on-own-engines.ts';

const PARTS = { clock: systemClock, random: systemRandom, logger: silentLogger };

/** The embedded engines, served by another process. */
async function served() {
  const dataDir = await mkdtemp(join(tmpdir(), 'chasqui-own-engines-'));
  const engineSocket = join(dataDir, 'engine.sock');
  const serving = await assemble(async (stack) => {
    const engines = stack.use(await openEmbeddedEngines({ dataDir, ...PARTS }));
    stack.use(await serveEmbeddedEngines(engines, { path: engineSocket, ...PARTS }));
    return {};
  });
  onTestFinished(async () => {
    await serving[Symbol.asyncDispose]();
    await rm(dataDir, { recursive: true });
  });
  const config: CommonConfig = { host: '127.0.0.1', dataDir, engineSocket, logLevel: 'silent' };
  return { config: { ...config, engines: {} }, logger: silentLogger, roles: ['store'] as const };
}

test('an app has the engines of its roles until it has ended, and no others', async () => {
  const seen: unknown[] = [];
  const app = await onOwnEngines(await served(), async ({ engines, processMetrics }) => {
    seen.push(processMetrics, Object.hasOwn(engines, 'search'));
    return {
      async [Symbol.asyncDispose]() {
        seen.push(await engines.users.get('nobody'));
      },
    };
  });
  expect(seen).toEqual([true, false]);
  await app[Symbol.asyncDispose]();
  expect(seen).toEqual([true, false, null]);
});

test('engines are closed when the app does not start', async () => {
  let call: (() => Promise<unknown>) | undefined;
  const starting = onOwnEngines(await served(), async ({ engines }) => {
    call = () => engines.users.get('nobody');
    throw new Error('the port is taken');
  });
  await expect(starting).rejects.toThrow('the port is taken');
  await expect(call?.()).rejects.toThrow();
});
