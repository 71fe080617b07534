import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Logger, silentLogger } from '@chasqui/kit';
import { afterAll, expect, test } from 'vitest';
import { createGateway } from './create-gateway.ts';
import { installedBinary, patchedCopyOf } from './uws-binaries.ts';
import { isOldGlibc, loadUws } from './uws-loader.ts';

const folder = await mkdtemp(join(tmpdir(), 'chasqui-uws-'));
afterAll(() => rm(folder, { recursive: true }));

/** Whether this machine's C library is older than the installed binary requires. */
const isOld = (() => {
  try {
    createRequire(import.meta.url)(installedBinary());
    return false;
  } catch (error) {
    return isOldGlibc(error);
  }
})();

const OPTIONS = {
  host: '127.0.0.1',
  port: 0,
  path: '/ws',
  maxFrameBytes: 1024,
  largeFrameCode: 4508,
  maxBacklogBytes: 1024,
  slowConsumerCode: 4003,
  subprotocols: [],
  handlers: { open() {}, message() {}, close() {}, http: async () => null },
};
const LOADED = 'uWebSockets.js is loaded';
const outcomeOf = (loading: Promise<unknown>) => loading.then(() => LOADED, String);

test('uWebSockets.js loads here, and says so when it is the patched copy', async () => {
  const said: string[] = [];
  const logger: Logger = { ...silentLogger, info: (_, text) => void said.push(text) };
  const uws = await loadUws({ logger });
  expect(uws.us_listen_socket_close).toBeTypeOf('function');
  expect(said).toHaveLength(isOld ? 1 : 0);
});

test('without its preparation, uWebSockets.js says what to do where the C library is old, and loads elsewhere', async () => {
  const outcome = await outcomeOf(loadUws({ logger: silentLogger, copy: join(folder, 'absent.node') }));
  if (isOld) expect(outcome).toMatch(/node deploy\/prepare\.mjs.*CHASQUI_GATEWAY=ws/);
  else expect(outcome).toBe(LOADED);
});

test('a copy with one other byte is not loaded', async () => {
  const copy = join(folder, basename(installedBinary()));
  await copyFile(isOld ? patchedCopyOf(installedBinary()) : installedBinary(), copy);
  const bytes = await readFile(copy);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(copy, bytes);
  const outcome = await outcomeOf(loadUws({ logger: silentLogger, copy }));
  if (isOld) expect(outcome).toContain('deploy/prepare.mjs');
  else expect(outcome).toBe(LOADED);
});

test('only the one complaint about the C library leads to a patch', () => {
  const of = (text: string) => isOldGlibc(new Error(text));
  expect(of("/lib/libc.so.6: version `GLIBC_2.38' not found (required by uws.node)")).toBe(true);
  expect(of("/lib/libc.so.6: version `GLIBC_2.39' not found (required by uws.node)")).toBe(false);
  expect(of('cannot open shared object file: No such file or directory')).toBe(false);
  expect(isOldGlibc('GLIBC_2.38')).toBe(false);
});

test('a gateway of engine auto runs on uWebSockets.js, or on ws with the reason in the log', async () => {
  const logged: object[] = [];
  const note = (fields: object) => void logged.push(fields);
  const logger: Logger = { ...silentLogger, info: note, warn: note };
  for (const engine of ['auto', 'uws', 'ws'] as const) {
    await using gateway = await createGateway({ engine, logger })(OPTIONS);
    const expected = engine === 'ws' ? 'ws' : 'uWebSockets.js';
    expect(gateway.engine).toBe(expected);
    expect(logged.at(-1)).toMatchObject({ engine: expected });
  }
});

test('without its preparation a gateway of engine auto runs on ws and tells why; one of engine uws does not start', async () => {
  const warned: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    warn: (fields) => void warned.push(String((fields as { err: Error }).err)),
  };
  const copy = join(folder, 'absent.node');
  await using gateway = await createGateway({ engine: 'auto', logger, copy })(OPTIONS);
  expect(gateway.engine).toBe(isOld ? 'ws' : 'uWebSockets.js');
  expect(warned.map((text) => text.includes('deploy/prepare.mjs'))).toEqual(isOld ? [true] : []);
  const strict = createGateway({ engine: 'uws', logger, copy })(OPTIONS);
  const started = strict.then((one) => one[Symbol.asyncDispose]());
  if (isOld) await expect(started).rejects.toThrow('deploy/prepare.mjs');
  else await started;
});
