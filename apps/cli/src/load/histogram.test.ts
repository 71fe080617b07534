import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram } from './histogram.ts';

test('quantiles are those of the sorted values, within 0.1 %; less than a µs counts as one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2 ** 36 }), { minLength: 1, maxLength: 300 }),
      fc.constantFrom(0.01, 0.5, 0.9, 0.99, 0.999, 1),
      (values, q) => {
        const histogram = new Histogram();
        for (const value of values) histogram.record(value);
        const sorted = values.map((value) => Math.max(1, value)).toSorted((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(q * values.length)) - 1] ?? 0;
        const found = histogram.quantile(q);
        expect(found).toBeGreaterThanOrEqual(exact);
        expect(found).toBeLessThanOrEqual(exact * 1.001);
        expect(histogram.max).toBe(sorted.at(-1));
        expect(histogram.count).toBe(values.length);
      },
    ),
  );
});

test('without a value there is nothing to tell', () => {
  const { count, max } = new Histogram();
  expect([count, max, new Histogram().quantile(0.5)]).toEqual([0, 0, 0]);
});
