import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApi } from '@chasqui/app-api/app';
import { readApiConfig } from '@chasqui/app-api/config';
import type { createManualClock } from '@chasqui/contracts';
import { openEmbeddedEngines } from '@chasqui/embedded';
import { systemClock as clock, loadSecrets, silentLogger as logger, systemRandom as random } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { createTestApi } from './fixture.ts';

/** The API as `app.ts` assembles it for a data folder, on a free port. */
async function startOn(dataDir: string) {
  await using stack = new AsyncDisposableStack();
  const config = readApiConfig({ CHASQUI_DATA_DIR: dataDir, CHASQUI_PORT: '0' });
  const engines = stack.use(await openEmbeddedEngines({ dataDir, clock, random, logger }));
  const secrets = await loadSecrets(config);
  const start = (port = 0) => startApi({ config: { ...config, port }, engines, secrets, logger });
  const { url, port } = stack.use(await start());
  const owned = stack.move();
  return { url, port, start, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

test('users and their tokens outlive a restart; a port in use is named', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'chasqui-api-'));
  const ana = { userId: 'ana', password: 'correct horse' };
  try {
    let headers = {};
    {
      await using first = await startOn(dataDir);
      const registered = await post(`${first.url}/api/auth/register`, ana);
      expect(registered.status).toBe(201);
      headers = { authorization: `Bearer ${(await registered.json()).accessToken}` };
      await expect(first.start(first.port)).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining(String(first.port)),
      });
    }
    await using second = await startOn(dataDir);
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
    expect((await fetch(`${second.url}/api/conversations`, { headers })).status).toBe(200);
    expect((await post(`${second.url}/api/auth/login`, ana)).status).toBe(200);
  } finally {
    await rm(dataDir, { recursive: true });
  }
});

test('an API that cannot be made leaves nothing behind that keeps its process', async () => {
  let looked = 0;
  let time: ReturnType<typeof createManualClock> | undefined;
  const making = createTestApi(({ erasures, clock }) => {
    time = clock as typeof time;
    const take: typeof erasures.take = (...args) => {
      looked++;
      return erasures.take(...args);
    };
    return { webRoot: 'not an absolute path', erasures: { ...erasures, take } };
  });
  await expect(making).rejects.toThrow('absolute path');
  await time?.advance(600_000);
  expect(looked).toBe(0);
});
