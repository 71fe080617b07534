import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { scratchFolder } from '../testing/scratch.ts';
import { Database } from './database.ts';
import { FileSnapshot, type SnapshotOfFile } from './file-snapshot.ts';

const root = scratchFolder();
let made = 0;

function opened(limits = { leaseMs: 60_000, maxLogBytes: 1e9 }) {
  const path = join(root, `${++made}.db`);
  const db = new Database({ path, version: 1, schema: 'CREATE TABLE rows (text TEXT)', cacheKiB: 100 });
  onTestFinished(() => db.close());
  const snapshot = new FileSnapshot(db, limits);
  const write = () => {
    for (let n = 0; n < 100; n++) db.run('INSERT INTO rows VALUES (?)', 'text '.repeat(200));
    snapshot.check();
  };
  const begin = () => snapshot.answer('snapshot.begin', '') as SnapshotOfFile;
  write();
  return { path, snapshot, write, begin, content: () => readFileSync(path).toString('base64') };
}

test('a file has all commits when its snapshot begins, and does not change until it ends', () => {
  const { path, snapshot, write, begin, content } = opened();
  const { id, bytes, inode } = begin();
  expect(statSync(path)).toMatchObject({ size: bytes, ino: inode });
  expect(bytes).toBeGreaterThan(100_000);
  const before = content();
  for (let n = 0; n < 30; n++) write();
  expect(content()).toBe(before);
  expect([snapshot.answer('snapshot.keep', id), snapshot.answer('snapshot.end', id)]).toEqual([true, true]);
  expect(statSync(path).size).toBeGreaterThan(20 * bytes);
  expect(statSync(`${path}-wal`).size).toBe(0);
  expect(snapshot.answer('snapshot.end', id)).toBe(false);
});

test('a snapshot that nobody renews ends, and so does one whose log gets too long', () => {
  for (const limits of [
    { leaseMs: -1, maxLogBytes: 1e9 },
    { leaseMs: 60_000, maxLogBytes: 10_000 },
  ]) {
    const { snapshot, write, begin, content } = opened(limits);
    const { id } = begin();
    const before = content();
    write();
    expect(content()).not.toBe(before);
    expect(snapshot.answer('snapshot.end', id)).toBe(false);
  }
});

test('a later snapshot ends an earlier one', () => {
  const { snapshot, write, begin } = opened();
  const first = begin();
  write();
  const second = begin();
  expect(second.bytes).toBeGreaterThan(first.bytes);
  expect(snapshot.answer('snapshot.keep', first.id)).toBe(false);
  expect(snapshot.answer('snapshot.end', second.id)).toBe(true);
});
