import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Logger, silentLogger } from '@chasqui/kit';
import { afterAll, expect, test } from 'vitest';
import { createGateway } from './create-gateway.ts';
import { installedBinary, isOldGlibc, loadUws, patchedCopy } from './uws-loader.ts';

const folder = await mkdtemp(join(tmpdir(), 'chasqui-uws-'));
afterAll(() => rm(folder, { recursive: true }));

/** Whether this machine's C library is older than the installed binary wants; empty when it is not. */
const refusal = (() => {
  try {
    createRequire(import.meta.url)(installedBinary());
    return '';
  } catch (error) {
    return (error as Error).message;
  }
})();

test('uWebSockets.js loads here, and says so when it had to be patched', async () => {
  const said: string[] = [];
  const logger: Logger = { ...silentLogger, info: (_, text) => void said.push(text) };
  const uws = await loadUws({ logger, cacheDir: join(folder, 'load') });
  expect(uws.us_listen_socket_close).toBeTypeOf('function');
  expect(said).toHaveLength(isOldGlibc(new Error(refusal)) ? 1 : 0);
});

test('the patched copy is made once, for its owner alone, and mended when something else is in its place', async () => {
  const cacheDir = join(folder, 'copies');
  const copy = await patchedCopy(installedBinary(), cacheDir);
  const first = await stat(copy);
  expect(first.mode & 0o777).toBe(0o600);
  expect(await patchedCopy(installedBinary(), cacheDir)).toBe(copy);
  expect((await stat(copy)).mtimeMs).toBe(first.mtimeMs);
  const good = await readFile(copy);
  await appendFile(copy, 'x');
  await Promise.all([patchedCopy(installedBinary(), cacheDir), patchedCopy(installedBinary(), cacheDir)]);
  expect((await readFile(copy)).equals(good)).toBe(true);
  expect(await readdir(cacheDir)).toEqual([basename(copy)]);
});

test('a binary that nobody knows is not patched', async () => {
  await mkdir(join(folder, 'strange'));
  const strange = join(folder, 'strange', basename(installedBinary()));
  await copyFile(installedBinary(), strange);
  await appendFile(strange, 'x');
  await expect(patchedCopy(strange, folder)).rejects.toThrow('unknown SHA-256');
});

test('only the one complaint about the C library leads to a patch', () => {
  const of = (text: string) => isOldGlibc(new Error(text));
  expect(of("/lib/libc.so.6: version `GLIBC_2.38' not found (required by uws.node)")).toBe(true);
  expect(of("/lib/libc.so.6: version `GLIBC_2.39' not found (required by uws.node)")).toBe(false);
  expect(of('cannot open shared object file: No such file or directory')).toBe(false);
  expect(isOldGlibc('GLIBC_2.38')).toBe(false);
});

test('a gateway of engine auto runs on uWebSockets.js, or on ws with the reason in the log', async () => {
  const options = {
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
  const logged: object[] = [];
  const note = (fields: object) => void logged.push(fields);
  const logger: Logger = { ...silentLogger, info: note, warn: note };
  for (const engine of ['auto', 'uws', 'ws'] as const) {
    await using gateway = await createGateway({ engine, logger, cacheDir: join(folder, 'load') })(options);
    const expected = engine === 'ws' ? 'ws' : 'uWebSockets.js';
    expect(gateway.engine).toBe(expected);
    expect(logged.at(-1)).toMatchObject({ engine: expected });
  }
});
