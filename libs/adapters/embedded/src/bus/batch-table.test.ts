import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Database } from '../sqlite/database.ts';
import { scratchFolder } from '../testing/scratch.ts';
import { BatchTable } from './batch-table.ts';
import { packBatch, spansOf, unpackBatch } from './log-batch.ts';
import { BATCHES_TABLE } from './log-schema.ts';

const folder = scratchFolder();
let made = 0;

function open() {
  const db = new Database({ path: join(folder, `${++made}.db`), version: 1, schema: BATCHES_TABLE, cacheKiB: 1_024 });
  const batches = new BatchTable(db);
  return { db, batches };
}

/** A transaction that appends as many entries to each of the streams. */
function fill({ batches }: ReturnType<typeof open>, first: number, count: number, streams = [1, 2]): void {
  for (const stream of streams) {
    for (let offset = first; offset < first + count; offset++) {
      batches.append(stream, offset, { publishedAt: offset, body: `${stream}.${offset} é 好` });
    }
  }
  batches.write();
}

const offsets = ({ batches }: ReturnType<typeof open>, stream: number, from: number) =>
  [...batches.from(stream, from)].map(({ offset }) => offset);

function dropAll({ batches }: ReturnType<typeof open>, stream: number): Set<number> {
  const touched = new Set<number>();
  for (let span = batches.removable(stream, 1e9, 1e9); span !== undefined; ) {
    touched.add(span.batch);
    batches.drop(stream);
    span = batches.removable(stream, 1e9, 1e9);
  }
  return touched;
}

test('a batch has what was packed, compressed or not', () => {
  const entry = fc.record({ publishedAt: fc.nat(), body: fc.string({ unit: 'grapheme', maxLength: 400 }) });
  const span = fc.record({ stream: fc.nat(), first: fc.nat(), entries: fc.array(entry, { minLength: 1 }) });
  fc.assert(
    fc.property(fc.array(span, { minLength: 1 }), (spans) => {
      const batch = packBatch(spans);
      expect(unpackBatch(batch)).toEqual({ spans, isDamaged: false });
      expect(spansOf(batch.header)?.map(({ stream, first }) => ({ stream, first }))).toEqual(
        spans.map(({ stream, first }) => ({ stream, first })),
      );
    }),
  );
});

test('entries are read from any offset, also those of the running transaction and after a restart', () => {
  const world = open();
  fill(world, 1, 3);
  fill(world, 4, 3);
  world.batches.append(1, 7, { publishedAt: 7, body: 'seven' });
  expect(offsets(world, 1, 1)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(offsets(world, 2, 5)).toEqual([5, 6]);
  expect([world.batches.first(1), world.batches.end(1), world.batches.end(3)]).toEqual([1, 8, 0]);
  world.batches.reload();
  expect([...world.batches.from(1, 6)]).toEqual([
    { offset: 6, publishedAt: 6, body: '1.6 é 好' },
    { offset: 7, publishedAt: 7, body: 'seven' },
  ]);
});

test('a read ends after so many batches, and the next one goes on there', () => {
  const world = open();
  for (let n = 1; n <= 9; n++) fill(world, n, 1, [1]);
  const read = (from: number) => [...world.batches.from(1, from, 4)].map(({ offset }) => offset);
  expect([read(1), read(5), read(9)]).toEqual([[1, 2, 3, 4], [5, 6, 7, 8], [9]]);
});

test('a transaction that was rolled back leaves no entries', () => {
  const world = open();
  fill(world, 1, 2);
  world.db.begin();
  fill(world, 3, 2);
  world.db.rollback();
  world.batches.reload();
  expect(offsets(world, 1, 1)).toEqual([1, 2]);
});

test('a batch goes when nothing of it is needed, and shrinks when little of it is', () => {
  const world = open();
  const rows = () => world.db.all('SELECT id, length(body) FROM batches');
  const long = randomBytes(3_000).toString('base64');
  for (const stream of [1, 2, 3]) world.batches.append(stream, 1, { publishedAt: 1, body: long });
  world.batches.append(4, 1, { publishedAt: 1, body: 'kept' });
  world.batches.write();
  const [[, whole]] = rows() as [[number, number]];
  for (const stream of [1, 2, 3]) world.batches.sweep(dropAll(world, stream));
  const [[, left]] = rows() as [[number, number]];
  expect(left).toBeLessThan(whole / 10);
  world.batches.reload();
  expect([1, 2, 3, 4].map((stream) => offsets(world, stream, 1))).toEqual([[], [], [], [1]]);
  expect([...world.batches.from(4, 1)][0]?.body).toBe('kept');
  world.batches.sweep(dropAll(world, 4));
  expect(rows()).toEqual([]);
});

test('what is too new, or not handled, is not removable', () => {
  const world = open();
  fill(world, 10, 3, [1]);
  expect(world.batches.removable(1, 12, 1e9)).toBeUndefined();
  expect(world.batches.removable(1, 13, 11)).toBeUndefined();
  expect(world.batches.removable(1, 13, 12)?.first).toBe(10);
});

test.each([1, 4, 40])('flipped bits of batch texts empty these entries, at byte %i', (at) => {
  const world = open();
  for (let n = 1; n <= 30; n++) fill(world, n, 1, [1]);
  const [[body]] = world.db.all('SELECT body FROM batches WHERE id = 10') as unknown as [[Uint8Array]];
  const spoilt = Buffer.from(body);
  spoilt[at % spoilt.length] = (spoilt[at % spoilt.length] ?? 0) ^ 4;
  world.db.run('UPDATE batches SET body = ? WHERE id = 10', spoilt);
  const read = [...world.batches.from(1, 1)];
  expect(read.map(({ offset }) => offset)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
  expect(read.filter(({ body: text }) => text === '').map(({ offset }) => offset)).toEqual([10]);
  expect(world.db.damagedRows.take()).toContain('batch 10 of the log');
});

test('each flipped bit of a header loses that batch, and no other', () => {
  const world = open();
  for (let n = 1; n <= 3; n++) fill(world, n, 1);
  const [[header]] = world.db.all('SELECT header FROM batches WHERE id = 2') as unknown as [[Uint8Array]];
  for (let bit = 0; bit < header.length * 8; bit++) {
    const spoilt = Buffer.from(header);
    spoilt[bit >> 3] = (spoilt[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    world.db.run('UPDATE batches SET header = ? WHERE id = 2', spoilt);
    world.batches.reload();
    expect(offsets(world, 1, 1)).toEqual([1, 3]);
  }
  expect(world.db.damagedRows.take()).toContain('batch 2 of the log');
});
