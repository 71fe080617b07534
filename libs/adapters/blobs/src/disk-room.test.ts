import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { diskRoom } from './disk-room.ts';
import { openFolderBlobs } from './folder-blobs.ts';

const folder = mkdtempSync(join(tmpdir(), 'chasqui-room-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function* pieces(count: number) {
  for (let n = 0; n < count; n++) yield Buffer.alloc(100_000);
}

test('C16: uploads leave room on the disk; what is there can be read, finished and removed, and they go on later', async () => {
  let room = 1_000_000;
  await using blobs = await openFolderBlobs(folder, async () => room - (await blobs.uploads.size('abc')));
  const full = { code: 'store_unavailable', retry: 'backoff' };
  await expect(blobs.uploads.append('abc', pieces(30), 3_000_000)).rejects.toMatchObject(full);
  const there = await blobs.uploads.size('abc');
  expect(there).toBeGreaterThan(500_000);
  expect(there).toBeLessThanOrEqual(1_000_000);
  await expect(blobs.put('def', Buffer.alloc(900_000))).rejects.toMatchObject(full);
  await blobs.ping();
  room = 3_000_000;
  await blobs.uploads.append('abc', pieces(1), 3_000_000);
  expect(await blobs.uploads.size('abc')).toBe(there + 100_000);
  room = 0;
  await blobs.uploads.finish('abc');
  expect(await blobs.get('abc')).not.toBeNull();
  await blobs.remove('abc');
  expect(await blobs.uploads.size('abc')).toBe(0);
});

test('the room is what the disk has, less what is kept of it', async () => {
  const room = await diskRoom(folder);
  expect(Number.isFinite(room)).toBe(true);
  await expect(diskRoom(join(folder, 'absent'))).rejects.toThrow('ENOENT');
});
