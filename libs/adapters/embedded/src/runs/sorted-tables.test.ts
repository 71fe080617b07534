import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Database } from '../sqlite/database.ts';
import { scratchFolder } from '../testing/scratch.ts';
import { endOf, keyOf, keyOfText, numberIn, textIn } from './keys.ts';
import type { SortedTable } from './sorted-table.ts';
import { RUNS_SCHEMA, SortedTables } from './sorted-tables.ts';

const folder = scratchFolder();
let made = 0;
const USERS = 12;
const WEEK = 7 * 24 * 3_600_000;

function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Sorted tables beside a map that has the same rows. */
class World {
  readonly path = join(folder, `${++made}.db`);
  db!: Database;
  tables!: SortedTables;
  table!: SortedTable;
  readonly model = new Map<string, string>();
  now = 1;

  constructor() {
    this.open();
  }

  open(): void {
    this.db = new Database({ path: this.path, version: 1, schema: RUNS_SCHEMA, cacheKiB: 1_024 });
    this.tables = new SortedTables(this.db);
    this.table = this.tables.open({ family: 1 });
    this.tables.reload();
  }

  reopen(): void {
    this.db.close();
    this.open();
  }

  /** A run of random rows; `isLost`: the process ends before the run is complete. */
  write(random: (below: number) => number, rows: number, isLost: boolean): void {
    const changes = new Map<string, string | null>();
    for (let i = 0; i < rows; i++) {
      const key = keyOfText(random(USERS), `m${random(4_000)}`);
      changes.set(key, random(10) === 0 ? null : `${random(1e9)}`.repeat(1 + random(3)));
    }
    this.db.begin();
    const writer = this.table.begin();
    const sorted = [...changes].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [i, [key, value]] of sorted.entries()) {
      writer.add([key, value === null ? null : Buffer.from(value)]);
      if (i % 100 === 99) this.turn(100);
    }
    if (!isLost) {
      this.table.add(writer);
      for (const [key, value] of changes) value === null ? this.model.delete(key) : this.model.set(key, value);
    }
    this.db.commit();
  }

  turn(rows: number): void {
    this.tables.work(rows, this.now);
    this.db.commit();
    this.db.begin();
  }

  expectSame(random: (below: number) => number): void {
    const expected = [...this.model].sort(([a], [b]) => (a < b ? -1 : 1));
    const rows = (range: { from: string; to: string }, isReverse = false) =>
      [...this.table.between(range, isReverse)].map(([key, value]) => [key, value.toString()]);
    expect(rows({ from: '', to: endOf('') })).toEqual(expected);
    for (let user = 0; user < USERS; user++) {
      const [from, to] = [keyOfText(user, `m${random(4_000)}`), keyOfText(user, `m${random(4_000)}`)].sort() as [
        string,
        string,
      ];
      const within = expected.filter(([key]) => key >= from && key <= to);
      expect(rows({ from, to })).toEqual(within);
      expect(rows({ from, to }, true)).toEqual(within.reverse());
    }
    for (let i = 0; i < 200; i++) {
      const key = keyOfText(random(USERS + 1), `m${random(4_500)}`);
      expect(this.table.get(key)?.toString()).toBe(this.model.get(key));
    }
  }
}

describe('sorted tables', () => {
  it.each([1, 2, 3])(
    'have what was written, also after processes ended while they wrote or merged (seed %i)',
    (seed) => {
      const random = randomOf(seed);
      const world = new World();
      for (let round = 0; round < 120; round++) {
        const isLost = random(8) === 0;
        world.write(random, 20 + random(600), isLost);
        if (isLost || random(12) === 0) world.reopen();
        if (random(30) === 0) world.now += WEEK;
        if (round % 20 === 19) world.expectSame(random);
      }
      world.reopen();
      world.expectSame(random);
    },
  );

  it('keep only the rows of one run when all were merged, and free its chunks', () => {
    const random = randomOf(9);
    const world = new World();
    for (let round = 0; round < 30; round++) world.write(random, 500, false);
    world.now += WEEK;
    world.db.begin();
    for (let i = 0; i < 2_000; i++) world.tables.work(1_000, world.now);
    world.db.commit();
    expect(world.table.rows).toBe(world.model.size);
    expect(world.db.number('SELECT count(*) FROM runs')).toBe(1);
    expect(world.db.number('SELECT sum(length(body)) FROM run_chunks')).toBeLessThan(world.model.size * 40);
    world.expectSame(random);
  });

  it.each([
    ['is completed', 0],
    ['is given up', 1],
  ])('keep the newest row of a key when newer runs are merged before a merge of all older ones %s', (end, oldTier) => {
    const world = new World();
    const key = (n: number) => keyOfText(1, `m${String(n).padStart(5, '0')}`);
    const run = (rows: readonly (readonly [n: number, value: string])[], tier = 0) => {
      world.db.begin();
      const writer = world.table.begin(tier);
      for (const [n, value] of rows) writer.add([key(n), Buffer.from(value)]);
      world.table.add(writer);
      world.turn(1);
      world.db.commit();
    };
    const merge = () => {
      world.db.begin();
      for (let i = 0; i < 100; i++) world.turn(1);
      world.db.commit();
    };
    run(
      Array.from({ length: 3_000 }, (_, n) => [n, 'old']),
      oldTier,
    );
    world.now += WEEK;
    for (let n = 1; n <= 9; n++) run([[0, `new ${n}`]]);
    if (end === 'is completed') merge();
    else world.reopen();
    for (let n = 1; n <= 8; n++) run([[1, 'other']]);
    merge();
    expect(world.table.get(key(0))?.toString()).toBe('new 9');
  });

  it('lose no chunk to the removal of replaced ones that a restart interrupts', () => {
    const path = join(folder, 'replaced.db');
    const open = () => {
      const db = new Database({ path, version: 1, schema: RUNS_SCHEMA, cacheKiB: 1_024 });
      const tables = new SortedTables(db);
      const dropped = tables.open({ family: 1, keeping: () => () => false });
      const kept = tables.open({ family: 2 });
      tables.reload();
      db.begin();
      return { db, tables, dropped, kept };
    };
    const write = (table: SortedTable, rows: number) => {
      const writer = table.begin();
      for (let n = 0; n < rows; n++) writer.add([keyOf(1, n), Buffer.alloc(1_000, n)]);
      table.add(writer);
    };
    const before = open();
    before.tables.work(1, 1);
    write(before.dropped, 1_000);
    while (before.db.number('SELECT count(*) FROM runs WHERE tier = -2') === 0) before.tables.work(1, 1 + WEEK);
    before.tables.work(1, 1 + WEEK);
    before.db.commit();
    before.db.close();

    const after = open();
    write(after.kept, 1_000);
    for (let i = 0; i < 20; i++) after.tables.work(1, 2 + WEEK);
    expect([...after.kept.between({ from: '', to: endOf('') })]).toHaveLength(1_000);
  });
});

describe('keys', () => {
  it('are in the order of what they are made of', () => {
    expect(keyOf(1, 300) < keyOf(2, 1)).toBe(true);
    expect(keyOf(255) < keyOf(256)).toBe(true);
    expect(keyOfText(7, 'zebra') < keyOfText(7, 'žluť')).toBe(true);
    expect(numberIn(keyOf(5, 2 ** 47 + 3), 1)).toBe(2 ** 47 + 3);
    expect(textIn(keyOfText(5, 'žluť 猫'))).toBe('žluť 猫');
    expect(keyOfText(5, '\u{10ffff}') < endOf(keyOf(5))).toBe(true);
  });
});
