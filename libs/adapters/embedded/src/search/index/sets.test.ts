import fc from 'fast-check';
import { expect, test } from 'vitest';
import { difference, intersection, union } from './sets.ts';

const SIZE = 400;
const set = (maxLength: number) => fc.uniqueArray(fc.nat(SIZE - 1), { maxLength });
const lists = fc.array(fc.oneof(set(4), set(60), set(SIZE)), { minLength: 1, maxLength: 6 });
const sorted = (numbers: Iterable<number>) => [...new Set(numbers)].sort((a, b) => a - b);

test('unions, intersections and differences are those of plain sets', () => {
  fc.assert(
    fc.property(lists, (given) => {
      const arrays = given.map((numbers) => Uint32Array.from(sorted(numbers)));
      const [first = [], second = []] = given;
      expect([...union(arrays, SIZE)]).toEqual(sorted(given.flat()));
      expect([...intersection(arrays)]).toEqual(
        sorted(first).filter((one) => given.every((numbers) => numbers.includes(one))),
      );
      expect([...difference(Uint32Array.from(sorted(first)), Uint32Array.from(sorted(second)))]).toEqual(
        sorted(first).filter((one) => !second.includes(one)),
      );
    }),
  );
});
