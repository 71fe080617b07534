import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type EmbeddedEngines, openEmbeddedEngines, restoreBackup } from '../index.ts';
import { faultsOf, store } from '../testing/backed-up.ts';
import { parts, scratchFolder } from '../testing/scratch.ts';
import { stillFolder } from '../testing/still-folder.ts';
import { makeBackup } from './make-backup.ts';

const root = scratchFolder();
let made = 0;
const fresh = (name: string) => join(root, `${name}-${++made}`);

async function open(dataDir: string): Promise<EmbeddedEngines> {
  const engines = await openEmbeddedEngines({ ...parts, dataDir });
  onTestFinished(() => engines[Symbol.asyncDispose]());
  return engines;
}

/** The highest position of Bob's inbox after a restore. */
async function restoredHead(backup: string, name?: string): Promise<number> {
  const dataDir = fresh('restored');
  await restoreBackup({ backup, ...(name === undefined ? {} : { name }), dataDir, now: 9 });
  await using engines = await openEmbeddedEngines({ ...parts, dataDir });
  return (await engines.logs.page('bob', 0, 1)).head;
}

const packsOf = (folder: string) => readdirSync(join(folder, 'packs'));
const backupsOf = (folder: string) => readdirSync(join(folder, 'backups')).map((name) => name.replace('.json', ''));

test('each backup of a folder is whole by itself, and adds only what changed', async () => {
  const [dataDir, to] = [fresh('data'), fresh('backups')];
  const engines = await open(dataDir);
  await store(engines, 1, 4_000);
  const first = await makeBackup({ source: engines, dataDir, to, now: 1 });
  await store(engines, 4_001, 4_010);
  const second = await makeBackup({ source: engines, dataDir, to, now: 2 });
  const third = await makeBackup({ source: engines, dataDir, to, now: 3 });
  expect(second.written).toBeLessThan(first.written / 2);
  expect(third.written).toBeLessThan(second.written);
  expect(await restoredHead(to)).toBe(4_010);
  expect(await restoredHead(to, second.name)).toBe(4_010);
  expect(await restoredHead(to, first.name)).toBe(4_000);
  await expect(restoredHead(to, 'other')).rejects.toThrow(/has no backup other: it has 1970-.*Z, 1970/);
}, 30_000);

test('older backups are removed with what only they have, and the others stay whole', async () => {
  const [dataDir, to] = [fresh('data'), fresh('backups')];
  const engines = await open(dataDir);
  const bytes = (folder: string) =>
    packsOf(folder).reduce((sum, name) => sum + readFileSync(join(folder, 'packs', name)).length, 0);
  await store(engines, 1, 1_000);
  const blobs = join(dataDir, 'blobs');
  mkdirSync(blobs);
  const first = await makeBackup({ source: engines, dataDir, picturesFolder: blobs, to, now: 1 });
  writeFileSync(join(blobs, 'gone'), Buffer.from(Array.from({ length: 500_000 }, (_, i) => (i * i * 7) % 251)));
  const second = await makeBackup({ source: engines, dataDir, picturesFolder: blobs, to, now: 2 });
  rmSync(join(blobs, 'gone'));
  const before = bytes(to);
  await store(engines, 1_001, 1_010);
  const third = await makeBackup({ source: engines, dataDir, picturesFolder: blobs, to, now: 3, keep: 1 });
  expect(third.removed).toEqual([first.name, second.name]);
  expect(backupsOf(to)).toEqual([third.name]);
  expect(bytes(to)).toBeLessThan(before);
  expect(await faultsOf(to)).toEqual([]);
  expect(await restoredHead(to)).toBe(1_010);
});

describe('damage', () => {
  async function damaged(spoil: (folder: string) => void) {
    const [dataDir, to] = [fresh('data'), fresh('backups')];
    const engines = await open(dataDir);
    await store(engines, 1, 10);
    const { name } = await makeBackup({ source: engines, dataDir, to, now: 1 });
    spoil(to);
    return { engines, dataDir, to, name };
  }
  const spoilPack = (folder: string) => {
    const path = join(folder, 'packs', packsOf(folder)[0] ?? '');
    const bytes = readFileSync(path);
    bytes.fill(7, 100, 200);
    writeFileSync(path, bytes);
  };

  test('a damaged pack is found, nothing is restored from it, and once it is removed the next backup is whole', async () => {
    const { engines, dataDir, to, name } = await damaged(spoilPack);
    const [pack, ...faults] = await faultsOf(to);
    expect(pack).toMatch(/\.pack$/);
    expect(faults[0]).toMatch(/^bus\.db: 1 pieces/);
    const folder = fresh('untouched');
    await expect(restoreBackup({ backup: to, dataDir: folder, now: 9 })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/pieces of bus\.db are missing or changed\. Nothing was changed/),
    });
    expect(readdirSync(folder).filter((file) => !file.startsWith('owner'))).toEqual([]);
    rmSync(join(to, 'packs', pack ?? ''));
    await makeBackup({ source: engines, dataDir, to, now: 2 });
    expect(await faultsOf(to)).toEqual([]);
    expect(await restoredHead(to, name)).toBe(10);
  });

  test('a damaged list of pieces, or of files, makes its backup no backup', async () => {
    const cut = (path: string) => writeFileSync(path, readFileSync(path).subarray(0, -9));
    const first = await damaged((to) => cut(join(to, 'packs', packsOf(to)[0] ?? '')));
    expect((await faultsOf(first.to)).slice(1)).toEqual(['bus.db: its list', 'store.db: its list']);
    const second = await damaged((to) => cut(join(to, 'backups', `${backupsOf(to)[0]}.json`)));
    expect(await faultsOf(second.to)).toEqual([`its list of files (backups/${second.name}.json) is damaged`]);
    await expect(restoredHead(second.to)).rejects.toThrow(/its list of files cannot be read/);
  });

  test('an unsound file of the server is not backed up', async () => {
    const [dataDir, copy] = [fresh('data'), fresh('copy')];
    const engines = await open(dataDir);
    await store(engines, 1, 500);
    await engines[Symbol.asyncDispose]();
    cpSync(dataDir, copy, { recursive: true });
    const bytes = readFileSync(join(copy, 'store.db'));
    bytes.fill(7, 4_096, 20_000);
    writeFileSync(join(copy, 'store.db'), bytes);
    const to = fresh('backups');
    await expect(makeBackup({ source: stillFolder, dataDir: copy, to, now: 1 })).rejects.toMatchObject({
      code: 'data_damaged',
    });
    expect(backupsOf(to)).toEqual([]);
  });
});
