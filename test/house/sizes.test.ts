import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const MEDIAN = 60;
const NINE_IN_TEN = 130;
const MOST = 300;

const root = join(import.meta.dirname, '../..');
const exclude = (path: string) => /(?:^|\/)(?:node_modules|dist)$/.test(path);
const files = globSync(['*.ts', '{apps,deploy,docs,libs,test}/**/*.{ts,tsx}'], { cwd: root, exclude })
  .filter((path) => !path.endsWith('.d.ts'))
  .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }))
  .sort((a, b) => a.lines - b.lines);
const production = files.filter(({ path }) => !path.startsWith('test/') && !/\.test\.tsx?$/.test(path));

type Sized = (typeof files)[number];
const named = ({ path, lines }: Sized) => `${path}: ${lines} lines`;

/** The size that this part of the files does not exceed. `sorted`: the smallest first. */
const sizeOf = (sorted: readonly Sized[], part: number) => sorted[Math.ceil(sorted.length * part) - 1]?.lines ?? 0;

/** The smallest of the files beyond a bound: those that are nearest to it. */
const nearest = (sorted: readonly Sized[], bound: number) =>
  sorted
    .filter(({ lines }) => lines > bound)
    .slice(0, 10)
    .map(named)
    .join('\n');

test(`half of the files have at most ${MEDIAN} lines`, () => {
  expect(production.length).toBeGreaterThan(1_500);
  expect(sizeOf(production, 0.5)).toBeLessThanOrEqual(MEDIAN);
});

test(`nine in ten files have at most ${NINE_IN_TEN} lines`, () => {
  const hint = `split one of these, if it has two ideas:\n${nearest(production, NINE_IN_TEN)}`;
  expect(sizeOf(production, 0.9), hint).toBeLessThanOrEqual(NINE_IN_TEN);
});

test(`no file has more than ${MOST} lines, tests included`, () => {
  expect(files.length - production.length).toBeGreaterThan(500);
  expect(files.filter(({ lines }) => lines > MOST).map(named)).toEqual([]);
});

test('sizes are measured as they are', () => {
  const some = [10, 20, 30, 40, 50, 60, 70, 80, 131, 301].map((lines) => ({ path: 'a.ts', lines }));
  expect([sizeOf(some, 0.5), sizeOf(some, 0.9), sizeOf(some.slice(0, 3), 0.5)]).toEqual([50, 131, 20]);
  expect(nearest(some, NINE_IN_TEN)).toBe('a.ts: 131 lines\na.ts: 301 lines');
});
