import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds, type Region, RegionCache } from './region.ts';

function region(start: string, end: string, server = 'a:1', table = 't'): Region {
  return {
    table,
    name: Buffer.from(`${table},${start}`),
    startKey: Buffer.from(start),
    endKey: Buffer.from(end),
    server,
  };
}

const find = (cache: RegionCache, row: string, table = 't') => cache.find(table, Buffer.from(row));

describe('known regions', () => {
  it('are found by any row of theirs, of their table alone', () => {
    const cache = new RegionCache();
    const [first, last] = [region('', 'm'), region('m', '')];
    for (const one of [last, first]) cache.add(one);
    for (const row of ['', 'a', 'lzz']) expect(find(cache, row)).toBe(first);
    for (const row of ['m', 'z']) expect(find(cache, row)).toBe(last);
    expect(find(cache, 'a', 'tt')).toBeUndefined();
  });

  it('give way to what overlaps them: the halves of a split, the whole of a merge', () => {
    const cache = new RegionCache();
    cache.add(region('', ''));
    cache.add(region('m', ''));
    expect(find(cache, 'a')).toBeUndefined();
    cache.add(region('', 'm'));
    expect(find(cache, 'a')?.endKey.toString()).toBe('m');
    cache.add(region('', ''));
    expect(find(cache, 'z')?.startKey.toString()).toBe('');
  });

  it('are forgotten one by one, and all of a server that is gone', () => {
    const cache = new RegionCache();
    const [a, b, c] = [region('', 'g', 'a:1'), region('g', 'p', 'b:1'), region('p', '', 'a:1')];
    for (const one of [a, b, c]) cache.add(one);
    cache.forget(a);
    expect([find(cache, 'a'), find(cache, 'z')]).toEqual([undefined, c]);
    cache.forgetServer('a:1');
    expect([find(cache, 'h'), find(cache, 'z')]).toEqual([b, undefined]);
  });

  it('are only found if they hold the row, whatever is added in whatever order', () => {
    const key = fc.constantFrom('', 'b', 'd', 'f', 'h');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(key, key), { maxLength: 12 }),
        fc.constantFrom('', 'a', 'b', 'c', 'e', 'i'),
        (ranges, row) => {
          const cache = new RegionCache();
          const added = ranges
            .filter(([start, end]) => end === '' || start < end)
            .map(([start, end]) => region(start, end));
          for (const one of added) cache.add(one);
          const found = find(cache, row);
          const newest = added.findLast((one) => holds(one, Buffer.from(row)));
          if (found !== undefined) expect(holds(found, Buffer.from(row))).toBe(true);
          // The newest region that holds the row stays cached unless a later one overlapped it.
          if (newest !== undefined && newest === added.at(-1)) expect(found).toBe(newest);
        },
      ),
    );
  });
});
