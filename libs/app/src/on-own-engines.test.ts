import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedEngines, serveEmbeddedEngines } from '@chasqui/embedded';
import { assemble, type CommonConfig, silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { expect, onTestFinished, test } from 'vitest';
import { onOwnEngines } from './on-own-engines.ts';

const PARTS = { clock: systemClock, random: systemRandom, logger: silentLogger };

/** What an app is given that uses the embedded engines of another process, which is not there yet. */
async function awayEngines() {
  const dataDir = await mkdtemp(join(tmpdir(), 'chasqui-own-engines-'));
  const engineSocket = join(dataDir, 'engine.sock');
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const serve = async () => {
    const serving = await assemble(async (stack) => {
      const engines = stack.use(await openEmbeddedEngines({ dataDir, ...PARTS }));
      stack.use(await serveEmbeddedEngines(engines, { path: engineSocket, ...PARTS }));
      return {};
    });
    onTestFinished(() => serving[Symbol.asyncDispose]());
  };
  const config: CommonConfig = { host: '127.0.0.1', dataDir, engineSocket, logLevel: 'silent' };
  const app = { config: { ...config, engines: {} }, logger: silentLogger, roles: ['store'] as const };
  return { app, serve };
}

/** The same, served by another process. */
async function served() {
  const { app, serve } = await awayEngines();
  await serve();
  return app;
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

test('C11: an app starts without the process of its engines, and uses them as soon as it is there', async () => {
  const { app, serve } = await awayEngines();
  await using running = await onOwnEngines(app, async ({ engines }) => ({
    users: engines.users,
    async [Symbol.asyncDispose]() {},
  }));
  await expect(running.users.get('nobody')).rejects.toMatchObject({ code: 'store_unavailable' });
  await serve();
  await expect.poll(() => running.users.get('nobody').catch(() => 'away'), { timeout: 10_000 }).toBe(null);
}, 60_000);
