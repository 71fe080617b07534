import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LruMap } from './lru-map.ts';

test('C16: what was not used for longest goes first, and is told of', () => {
  const evicted: [string, number][] = [];
  const map = new LruMap<string, number>({ maxWeight: 3, evicted: (key, value) => evicted.push([key, value]) });
  for (const [i, key] of ['a', 'b', 'c'].entries()) map.set(key, i);
  map.get('a');
  map.set('d', 4);
  expect(['a', 'b', 'c', 'd'].map((key) => map.get(key))).toEqual([0, undefined, 2, 4]);
  expect(evicted).toEqual([['b', 1]]);
});

test('C16: weights are counted, also of values that change or leave', () => {
  const map = new LruMap<string, string>({ maxWeight: 10 });
  map.set('a', 'light', 1);
  map.set('a', 'heavy', 6);
  map.set('b', 'b', 4);
  expect(map.size).toBe(2);
  map.delete('a');
  map.set('c', 'c', 6);
  expect(map.size).toBe(2);
  map.set('d', 'too heavy', 11);
  expect(map.size).toBe(0);
});

test('C16: any run of uses leaves the most recently used', () => {
  const use = fc.record({ type: fc.constantFrom('get', 'set', 'set', 'delete'), key: fc.nat({ max: 6 }) });
  fc.assert(
    fc.property(fc.array(use, { maxLength: 40 }), (uses) => {
      const map = new LruMap<number, number>({ maxWeight: 4 });
      let model: number[] = [];
      for (const { type, key } of uses) {
        const there = model.includes(key);
        if (type === 'get') expect(map.get(key)).toBe(there ? key : undefined);
        else if (type === 'set') map.set(key, key);
        else map.delete(key);
        model = model.filter((other) => other !== key);
        if (type === 'set' || (type === 'get' && there)) model.push(key);
        model = model.slice(-4);
        expect(map.size).toBe(model.length);
      }
      for (const key of [0, 1, 2, 3, 4, 5, 6]) expect(map.get(key)).toBe(model.includes(key) ? key : undefined);
    }),
  );
});
