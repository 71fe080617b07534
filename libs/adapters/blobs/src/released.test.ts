import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { openFolderBlobs } from './folder-blobs.ts';
import { released } from './released.ts';

const folder = mkdtempSync(join(tmpdir(), 'chasqui-released-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const BYTES = Buffer.alloc(4 * 1024 * 1024, 1);

/** What a reader does that has gone. */
const WAYS: Record<string, (stream: Readable) => Promise<unknown>> = {
  'reads nothing': async (stream) => stream.destroy(),
  'leaves in the middle': async (stream) => {
    await once(stream, 'readable');
    stream.read(10);
    stream.destroy();
  },
  'reads all': async (stream) => stream.resume(),
};

test.each(Object.keys(WAYS))('C16: a reader of the folder that %s keeps no file open', async (way) => {
  await using blobs = await openFolderBlobs(folder);
  await blobs.put('abc', BYTES);
  const openFiles = () => readdirSync('/dev/fd').length;
  const before = openFiles();
  for (let n = 0; n < 20; n++) {
    const stream = Readable.from((await blobs.get('abc')) ?? expect.fail('no blob'));
    await Promise.all([once(stream, 'close'), WAYS[way]?.(stream)]);
  }
  await expect.poll(openFiles).toBeLessThan(before + 10);
});

test.each(Object.keys(WAYS))('C16: what a reader had that %s is released', async (way) => {
  async function* many() {
    for (let n = 0; n < 100; n++) yield BYTES.subarray(0, 100_000);
  }
  let releases = 0;
  const stream = Readable.from(released(many(), async () => void releases++));
  expect(releases).toBe(0);
  await Promise.all([once(stream, 'close'), WAYS[way]?.(stream)]);
  expect(releases).toBeGreaterThan(0);
});

test('what fails is released, and its failure told', async () => {
  let releases = 0;
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(1);
    throw new Error('broken');
  }
  const pieces = released(failing(), async () => void releases++);
  await expect(Array.fromAsync(pieces)).rejects.toThrow('broken');
  expect(releases).toBeGreaterThan(0);
});
