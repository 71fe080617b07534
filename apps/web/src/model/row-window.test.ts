import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { AT_END, placeFrom, RowSizes, rowWindow } from './row-window.ts';

const rowsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `r${index}` }));
const size = { view: 500, around: 500 };

function heightsOf(px: number, count: number): RowSizes {
  const heights = new RowSizes();
  for (const { key } of rowsOf(count)) heights.set(key, px);
  return heights;
}

describe('the rows in the page', () => {
  it('at the end: the last ones, as many as fill the view and what is around it', () => {
    expect(rowWindow(rowsOf(1_000), heightsOf(50, 1_000), AT_END, size)).toEqual({ first: 980, last: 1_000 });
  });

  it('elsewhere: those around the place', () => {
    const place = { key: 'r500', index: 500, top: -20, atEnd: false };
    expect(rowWindow(rowsOf(1_000), heightsOf(50, 1_000), place, size)).toEqual({ first: 490, last: 521 });
  });

  it('stay around what is seen, however many come before and behind', () => {
    const place = { key: 'r5', index: 5, top: 0, atEnd: false };
    const more = [...Array.from({ length: 100 }, (_, n) => ({ key: `older${n}` })), ...rowsOf(1_000)];
    const { first, last } = rowWindow(more, heightsOf(50, 10), place, size);
    expect([first, last]).toEqual([95, 125]);
  });

  it('are those near, where what was seen is gone', () => {
    const place = { key: 'gone', index: 500, top: 0, atEnd: false };
    expect(rowWindow(rowsOf(1_000), heightsOf(50, 1_000), place, size)).toEqual({ first: 490, last: 520 });
    expect(rowWindow(rowsOf(3), heightsOf(50, 3), place, size)).toEqual({ first: 0, last: 3 });
    expect(rowWindow([], new RowSizes(), place, size)).toEqual({ first: 0, last: 0 });
  });

  it('are not counted from the name of a day, which moves up as the day grows', () => {
    const rows = [{ key: 'day', kind: 'day' }, ...rowsOf(2)];
    const heights = heightsOf(50, 2);
    heights.set('day', 30);
    expect(placeFrom(rows, heights, 0, 0)).toEqual({ key: 'r0', index: 1, top: 30 });
  });

  test('property: cover the view, and little more, wherever the reader is', () => {
    const height = fc.integer({ min: 20, max: 400 });
    fc.assert(
      fc.property(fc.array(height, { minLength: 1, maxLength: 300 }), fc.nat(), fc.nat(100), (px, at, up) => {
        const rows = rowsOf(px.length);
        const heights = new RowSizes();
        for (const [index, one] of px.entries()) heights.set(`r${index}`, one);
        const place = placeFrom(rows, heights, at % rows.length, -up);
        expect(place.top <= 0 || place.index === 0).toBe(true);
        const { first, last } = rowWindow(rows, heights, { ...place, atEnd: false }, size);
        const above = heights.sum(rows, first, place.index) - place.top;
        const below = heights.sum(rows, place.index, last) + place.top;
        expect(first === 0 || above >= size.around).toBe(true);
        expect(last === rows.length || below >= size.view + size.around).toBe(true);
        expect(above).toBeLessThan(size.around + 800);
        expect(below).toBeLessThan(size.view + size.around + 400);
      }),
    );
  });
});

describe('heights', () => {
  it('of rows that were never shown are the average', () => {
    const heights = heightsOf(40, 2);
    heights.set('r1', 60);
    expect(heights.of({ key: 'new' })).toBe(50);
    expect(heights.sum(rowsOf(4), 0, 4)).toBe(200);
  });

  it('of rows that left the list are forgotten', () => {
    const heights = heightsOf(40, 1_000);
    heights.set('r0', 400);
    heights.prune(rowsOf(10).slice(1));
    expect(heights.of({ key: 'r0' })).toBe(40);
  });
});
