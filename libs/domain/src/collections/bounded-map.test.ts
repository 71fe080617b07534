import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BoundedMap } from './bounded-map.ts';

test('C16: what was set or used longest ago goes first, and is told of', () => {
  const evicted: [string, number][] = [];
  const map = new BoundedMap<string, number>(3, { evicted: (key, value) => evicted.push([key, value]) });
  for (const [i, key] of ['a', 'b', 'c'].entries()) map.set(key, i);
  expect([map.use('a'), map.get('b'), map.use('z')]).toEqual([0, 1, undefined]);
  map.set('d', 4);
  expect([...map]).toEqual([
    ['c', 2],
    ['a', 0],
    ['d', 4],
  ]);
  expect(evicted).toEqual([['b', 1]]);
});

test('C16: weights are counted, also of values that change or leave', () => {
  const evicted: string[] = [];
  const map = new BoundedMap<string, number>(10, { weigh: (value) => value, evicted: (key) => evicted.push(key) });
  map.set('a', 1);
  map.set('a', 6);
  map.set('b', 4);
  expect(map.size).toBe(2);
  map.delete('a');
  map.set('c', 6);
  expect([...map.values()]).toEqual([4, 6]);
  map.set('too heavy', 11);
  expect(map.size).toBe(0);
  expect(evicted).toEqual(['b', 'c', 'too heavy']);
  map.set('d', 10);
  map.clear();
  map.set('e', 10);
  expect(map.size).toBe(1);
});

test('C16: any run of uses leaves the most recently used, in their order', () => {
  const use = fc.record({ type: fc.constantFrom('get', 'use', 'set', 'set', 'delete'), key: fc.nat({ max: 6 }) });
  fc.assert(
    fc.property(fc.array(use, { maxLength: 200 }), (uses) => {
      const map = new BoundedMap<number, number>(4);
      const keys = () => [...map].map(([key]) => key);
      let model: number[] = [];
      for (const { type, key } of uses) {
        const there = model.includes(key);
        if (type === 'get') expect(map.get(key)).toBe(there ? key : undefined);
        else if (type === 'use') expect(map.use(key)).toBe(there ? key : undefined);
        else if (type === 'set') map.set(key, key);
        else expect(map.delete(key)).toBe(there);
        if (type !== 'get') model = model.filter((other) => other !== key);
        if (type === 'set' || (type === 'use' && there)) model.push(key);
        model = model.slice(-4);
        expect(map.size).toBe(model.length);
        expect(keys()).toEqual(model);
      }
    }),
  );
});
