import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { makePrivateFile, openDataFolder } from './data-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'chasqui-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

function withUmask(mask: number): void {
  const before = process.umask(mask);
  onTestFinished(() => void process.umask(before));
}

test.each([0o000, 0o022, 0o077, 0o177])(
  'a folder and a file are for their owner alone under the umask %o',
  async (mask) => {
    withUmask(mask);
    const folder = join(root, `new-${mask}`);
    mkdirSync(folder, { mode: 0o777 });
    chmodSync(folder, 0o777);
    await openDataFolder(folder);
    makePrivateFile(join(folder, 'store.db'));
    expect([modeOf(folder), modeOf(join(folder, 'store.db'))]).toEqual(['700', '600']);
  },
);

test('what an older version left open to others is closed: the folder, its files, its sockets', async () => {
  const folder = join(root, 'old');
  mkdirSync(join(folder, 'blobs'), { recursive: true });
  for (const name of ['store.db', 'store.db-wal', 'secrets.json']) writeFileSync(join(folder, name), 'x');
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(join(folder, 'engine.sock'), resolve));
  onTestFinished(() => void server.close());
  for (const name of ['store.db', 'store.db-wal', 'secrets.json']) chmodSync(join(folder, name), 0o644);
  chmodSync(join(folder, 'engine.sock'), 0o777);
  chmodSync(folder, 0o755);
  await openDataFolder(folder);
  expect(modeOf(folder)).toBe('700');
  for (const name of ['store.db', 'store.db-wal', 'secrets.json', 'engine.sock']) {
    expect(modeOf(join(folder, name)), name).toBe('600');
  }
});

test('a link that leads out of the folder is not followed', async () => {
  const outside = join(root, 'outside');
  writeFileSync(outside, 'x');
  chmodSync(outside, 0o644);
  const folder = join(root, 'linked');
  mkdirSync(folder);
  symlinkSync(outside, join(folder, 'store.db'));
  await openDataFolder(folder);
  expect(modeOf(outside)).toBe('644');
});

test.each([
  ['a file', (path: string) => writeFileSync(path, '')],
  ['a link to nowhere', (path: string) => symlinkSync('/nowhere/at/all', path)],
  ['a link to itself', (path: string) => symlinkSync(path, path)],
  ['below a file', (path: string) => writeFileSync(join(path, '..'), '')],
])('C15: %s is no data folder; the error names it', async (name, make) => {
  const path = name === 'below a file' ? join(root, 'plain', 'data') : join(root, name);
  make(path);
  await expect(openDataFolder(path)).rejects.toMatchObject({
    code: 'config_invalid',
    details: { field: 'dataDir' },
    message: expect.stringContaining(path),
  });
});
