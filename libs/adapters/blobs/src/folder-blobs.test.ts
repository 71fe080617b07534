import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobStoreContract, blobUploadsContract, createManualClock } from '@chasqui/contracts';
import { afterAll, expect, test } from 'vitest';
import { openFolderBlobs } from './folder-blobs.ts';

const root = mkdtempSync(join(tmpdir(), 'chasqui-blobs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const clock = createManualClock();

const harness = {
  clock,
  advance: clock.advance,
  create: () => openFolderBlobs(join(root, String(++made))),
  reopen: () => openFolderBlobs(join(root, String(made))),
};

blobStoreContract('folder', harness);
blobUploadsContract('folder', harness);

test('drafts that a killed process left go when the folder is opened; those of a process at work stay', async () => {
  const folder = join(root, 'drafts-left');
  const drafts = join(folder, 'drafts');
  mkdirSync(drafts, { recursive: true });
  for (const name of ['old', 'new']) writeFileSync(join(drafts, name), 'half a picture');
  utimesSync(join(drafts, 'old'), 1, 1);
  const blobs = await openFolderBlobs(folder);
  expect(readdirSync(drafts)).toEqual(['new']);
  await blobs.put('abc', Uint8Array.of(1));
  expect(readdirSync(drafts)).toEqual(['new']);
  expect(existsSync(join(folder, 'bc', 'abc'))).toBe(true);
});

test('a folder that cannot be one is refused; one that goes away later fails calls as unavailable', async () => {
  const file = join(root, 'a-file');
  writeFileSync(file, '');
  await expect(openFolderBlobs(file)).rejects.toMatchObject({ code: 'config_invalid' });
  const folder = join(root, 'goes-away');
  const blobs = await openFolderBlobs(folder);
  rmSync(folder, { recursive: true });
  const away = { code: 'store_unavailable', retry: 'backoff' };
  await expect(blobs.put('abc', Uint8Array.of(1))).rejects.toMatchObject(away);
  await expect(blobs.ping()).rejects.toMatchObject(away);
});
