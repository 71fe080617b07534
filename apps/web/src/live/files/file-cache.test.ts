import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FileCache } from './file-cache.ts';

const MIB = 1024 * 1024;
const blobOf = (mib: number) => new Blob([new Uint8Array(mib * MIB)]);
const settled = () => new Promise((resolve) => setTimeout(resolve));
let open: Set<string>;

beforeEach(() => {
  open = new Set();
  let made = 0;
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    open.add(`blob:${++made}`);
    return `blob:${made}`;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((address) => void open.delete(address));
});
afterEach(() => vi.restoreAllMocks());

test('a file is loaded once, however often it is shown, and again after it was let go', async () => {
  const cache = new FileCache();
  const load = vi.fn(async () => blobOf(1));
  const uses = [cache.use('a', load), cache.use('a', load)];
  const [one, two] = await Promise.all(uses.map(({ held }) => held));
  expect(one).toBe(two);
  for (const { release } of uses) release();
  await settled();
  expect((await cache.use('a', load).held).address).toBe(one?.address);
  expect(load).toHaveBeenCalledTimes(1);
});

test('what nobody looks at is bounded: the address of what was not used for longest is revoked', async () => {
  const cache = new FileCache();
  for (let i = 0; i < 10; i++) {
    const { held, release } = cache.use(`f${i}`, async () => blobOf(10));
    await held;
    release();
    await settled();
  }
  expect(open.size).toBe(6);
  expect(cache.has('f0')).toBe(false);
  expect(cache.has('f9')).toBe(true);
});

test('what is shown stays, whatever its size', async () => {
  const cache = new FileCache();
  const { held, release } = cache.use('large', async () => blobOf(80));
  const { address } = await held;
  cache.put('other', blobOf(40));
  expect(open.has(address)).toBe(true);
  release();
  await settled();
  expect(open.has(address)).toBe(false);
});

test('who releases twice takes nothing from others', async () => {
  const cache = new FileCache();
  const use = () => cache.use('large', async () => blobOf(80));
  const [one, two] = [use(), use()];
  const { address } = await two.held;
  one.release();
  one.release();
  await settled();
  expect(open.has(address)).toBe(true);
});

test('a load that fails is tried again', async () => {
  const cache = new FileCache();
  const failing = cache.use('a', () => Promise.reject(new Error('away')));
  await expect(failing.held).rejects.toThrow('away');
  failing.release();
  const { held } = cache.use('a', async () => blobOf(1));
  expect(open.has((await held).address)).toBe(true);
});

test('when it is closed, no address stays that nobody shows', async () => {
  const cache = new FileCache();
  cache.put('a', blobOf(1));
  const { held, release } = cache.use('b', async () => blobOf(1));
  await held;
  cache.close();
  expect(open.size).toBe(1);
  release();
  await settled();
  expect(open.size).toBe(0);
});
