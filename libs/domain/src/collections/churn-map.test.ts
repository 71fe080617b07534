import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChurnMap } from './churn-map.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function oldBytes(): number {
  const spaces = getHeapSpaceStatistics().filter(({ space_name }) => /^(old|large_object)_space$/.test(space_name));
  return spaces.reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

test('C16: what came and went is not kept until a whole collection', () => {
  const map = new ChurnMap<number, number[]>();
  const churn = (from: number, count: number) => {
    for (let n = from; n < from + count; n++) {
      map.set(n, new Array(60).fill(n));
      map.delete(n - 20);
    }
  };
  churn(0, 1_000);
  // Moves the map's current table into the old generation.
  collectGarbage();
  const before = oldBytes();
  // 200 MB, of which 20 entries live at a time; a plain `Map` adds tens of MB.
  churn(1_000, 400_000);
  expect(oldBytes() - before).toBeLessThan(4_000_000);
  expect(map.size).toBe(20);
});

test('it does what a map does, also while it is gone through', () => {
  const use = fc.record({
    type: fc.constantFrom('set', 'delete', 'drain'),
    key: fc.nat({ max: 9 }),
    asks: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(use, { maxLength: 400 }), (uses) => {
      const map = new ChurnMap<number, number>();
      const model = new Map<number, number>();
      for (const [n, { type, key, asks }] of uses.entries()) {
        if (type === 'set') {
          map.set(key, n);
          model.set(key, n);
        } else if (type === 'delete') expect(map.delete(key)).toBe(model.delete(key));
        else {
          const seen = [...model];
          for (const entry of map) {
            expect(entry).toEqual(seen.shift());
            map.delete(entry[0]);
            model.delete(entry[0]);
            if (entry[0] === key) break;
          }
        }
        expect([map.size, map.has(key), map.get(key)]).toEqual([model.size, model.has(key), model.get(key)]);
        if (asks) expect(map.oldest()).toBe(model.keys().next().value);
      }
      expect([[...map.keys()], [...map.values()]]).toEqual([[...model.keys()], [...model.values()]]);
      map.clear();
      expect([...map]).toEqual([]);
    }),
  );
});

test('the oldest is known whatever was deleted before, also after starting over', () => {
  const map = new ChurnMap<number, string>();
  expect(map.oldest()).toBeUndefined();
  for (let n = 0; n < 100; n++) map.set(n, 'x');
  expect(map.oldest()).toBe(0);
  for (let n = 0; n < 70; n++) map.delete(n);
  map.set(100, 'more deleted than kept: it starts over');
  map.delete(70);
  expect(map.oldest()).toBe(71);
  map.clear();
  expect(map.oldest()).toBeUndefined();
  map.set(0, 'x');
  expect(map.oldest()).toBe(0);
});
