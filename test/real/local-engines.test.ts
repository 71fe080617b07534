import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import {
  freezeEngine,
  isUp,
  killEngine,
  restartEngine,
  startEngine,
  thawEngine,
} from '../../deploy/engines/control.ts';

const KEY = 'test-local-engines';
const cli = async (...args: string[]) =>
  (await promisify(execFile)('redis-cli', ['-p', '16379', ...args])).stdout.trim();

afterEach(async () => {
  await startEngine('redis');
  await cli('DEL', KEY);
});

test('an engine that is restarted in good order has all that was acked', async () => {
  await cli('SET', KEY, 'kept', 'EX', '60');
  await restartEngine('redis');
  expect(await isUp('redis')).toBe(true);
  expect(await cli('GET', KEY)).toBe('kept');
});

test('a frozen engine is not up until it goes on, a killed one until it is started', async () => {
  freezeEngine('redis');
  expect(await isUp('redis')).toBe(false);
  thawEngine('redis');
  await expect.poll(() => isUp('redis')).toBe(true);
  await killEngine('redis');
  expect(await isUp('redis')).toBe(false);
  await startEngine('redis');
  expect(await isUp('redis')).toBe(true);
});
