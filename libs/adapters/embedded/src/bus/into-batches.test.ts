import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { scratchFolder } from '../testing/scratch.ts';
import { openLogEngine } from './log-engine.ts';
import type { LogState } from './log-operations.ts';
import { LOG_SCHEMA, OFFSETS } from './log-schema.ts';

const path = join(scratchFolder(), 'bus.db');
const FORMER = 'CREATE TABLE log (id INTEGER PRIMARY KEY, published_at INTEGER NOT NULL, body TEXT NOT NULL);';

test('the log of version 1 becomes batches: offsets, texts and times stay', () => {
  const file = new DatabaseSync(path);
  file.exec(`${LOG_SCHEMA.replace(/CREATE TABLE batches.*/, FORMER)} PRAGMA user_version = 1;`);
  file.exec("INSERT INTO topics VALUES (1, 'conversations', 2), (2, 'search', 1)");
  file.exec('BEGIN');
  const insert = file.prepare('INSERT INTO log VALUES (?, ?, ?)');
  for (const [stream, first, count] of [[1_024, 700, 600] as const, [1_025, 1, 3] as const]) {
    for (let n = first; n < first + count; n++) insert.run(stream * OFFSETS + n, n, `${stream}: ${n}`);
  }
  file.exec('COMMIT');
  file.close();
  const told: string[] = [];
  const { db, state, handlers } = openLogEngine({ path, shards: {}, maxLogBytes: 1e9 }, (done) => told.push(done));
  expect((state as LogState).streams).toEqual([
    { stream: 1_024, first: 700, next: 1_300 },
    { stream: 1_025, first: 1, next: 4 },
    { stream: 2_048, first: 1, next: 1 },
  ]);
  const read = handlers.read?.([1_024, 950, 1e9, 1e9] as never, 0) as { offset: number }[];
  expect(read).toHaveLength(350);
  expect(read[0]).toEqual({ offset: 950, publishedAt: 950, body: '1024: 950' });
  expect(read.at(-1)).toEqual({ offset: 1_299, publishedAt: 1_299, body: '1024: 1299' });
  expect(told.filter((line) => !line.startsWith('cop'))).toEqual([
    ...['schema 1 to 2', 'ready: table of batches', '603 of 603 messages of the bus', 'schema 2 of 2'],
    'the upgraded file takes its place',
  ]);
  db.close();
});
