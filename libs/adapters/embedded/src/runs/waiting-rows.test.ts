import { expect, test } from 'vitest';
import { ByteWriter } from './bytes.ts';
import { WaitingRows } from './waiting-rows.ts';

const writer = new ByteWriter();

function add(rows: WaitingRows, text: string): number {
  writer.text(text);
  return rows.add(writer);
}

/** Longer than a block in every twentieth row. */
const textOf = (n: number) => `${n} `.repeat(n % 20 === 0 ? 60_000 : 1 + (n % 500));

function expectRow(rows: WaitingRows, place: number, text: string): void {
  writer.text(text);
  expect(rows.get(place).equals(writer.take())).toBe(true);
}

test('rows of any size are what they were, until they are dropped', () => {
  const rows = new WaitingRows();
  const places = Array.from({ length: 3_000 }, (_, n) => add(rows, textOf(n)));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  for (const [n, place] of places.entries()) expectRow(rows, place, textOf(n));

  rows.dropBefore(places[2_000] as number);
  expect(() => rows.get(places[0] as number)).toThrow(/no row waits/);
  const later = Array.from({ length: 1_500 }, (_, n) => add(rows, textOf(n + 7)));
  for (const [n, place] of places.entries()) if (n >= 2_000) expectRow(rows, place, textOf(n));
  for (const [n, place] of later.entries()) expectRow(rows, place, textOf(n + 7));

  rows.clear();
  expect(() => rows.get(later.at(-1) as number)).toThrow(/no row waits/);
  const place = add(rows, 'new');
  expect(place).toBeGreaterThan(later.at(-1) as number);
  expectRow(rows, place, 'new');
});
