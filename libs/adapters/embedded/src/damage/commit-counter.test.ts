import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Database } from '../sqlite/database.ts';
import { CommitCounter } from './commit-counter.ts';

const root = mkdtempSync(join(tmpdir(), 'chasqui-counter-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function open(name: string, forget = false) {
  const db = new Database({
    path: join(root, name),
    version: 1,
    schema: 'CREATE TABLE t (a INTEGER)',
    cacheKiB: 100,
  });
  return { db, counter: new CommitCounter(db, forget) };
}

function commit({ db, counter }: ReturnType<typeof open>, marks: { [file: string]: number }, write = true): void {
  db.begin();
  if (write) db.run('INSERT INTO t VALUES (1)');
  counter.count(marks);
  db.commit();
  counter.committed();
}

test('only what writes is counted: to read costs no write', () => {
  const file = open('reads.db');
  commit(file, {});
  const pages = file.db.number('SELECT total_changes()');
  for (let n = 0; n < 3; n++) commit(file, { 'bus.db': n }, false);
  expect(file.counter.witness).toEqual({ commits: 1, seen: {} });
  expect(file.db.number('SELECT total_changes()')).toBe(pages);
  file.db.close();
});

test('what was seen of the others is kept, never lowered, and survives', () => {
  const file = open('seen.db');
  commit(file, { 'bus.db': 5, 'search.db': 1 });
  commit(file, { 'bus.db': 3 });
  file.db.close();
  const again = open('seen.db');
  expect(again.counter.witness).toEqual({ commits: 2, seen: { 'bus.db': 5, 'search.db': 1 } });
  again.db.close();
  const forgotten = open('seen.db', true);
  expect(forgotten.counter.witness).toEqual({ commits: 2, seen: {} });
  forgotten.db.close();
});

test('a transaction that was undone counts for nothing', () => {
  const file = open('undone.db');
  commit(file, {});
  file.db.begin();
  file.db.run('INSERT INTO t VALUES (1)');
  file.counter.count({ 'bus.db': 9 });
  file.db.rollback();
  file.counter.rolledBack();
  expect(file.counter.witness).toEqual({ commits: 1, seen: {} });
  commit(file, { 'bus.db': 9 });
  expect(file.counter.witness).toEqual({ commits: 2, seen: { 'bus.db': 9 } });
  file.db.close();
});

test('a file that was made anew goes on counting from what others have seen of it', () => {
  const file = open('anew.db');
  commit(file, { 'anew.db': 40 });
  expect(file.counter.witness.commits).toBe(41);
  file.db.close();
});
