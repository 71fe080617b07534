import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldPath } from './field-path.ts';
import { jsonFault } from './json-text.ts';
import { faultyPath } from './json-value.ts';

const arrays = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);

test('C15: a fault of a value is the one of its text, and is at the same field', () => {
  const text = fc.string({ unit: 'binary' });
  const half = fc.constantFrom('\ud83d', 'a\ude00', '\ude00\ud83d');
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { withCrossShrink: true },
      ...[text, half, fc.double(), fc.boolean(), fc.constant(null)],
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: half }), tie('tree'), {
        maxKeys: 4,
      }),
      fc.integer({ min: 55, max: 70 }).map(arrays),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const json = JSON.stringify({ content: value });
      const keys = faultyPath(JSON.parse(json));
      expect(keys && fieldPath(keys)).toBe(jsonFault(json)?.field ?? null);
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['the deepest that is allowed', { a: arrays(63) }, null],
  ['one more', { a: { b: arrays(63) } }, 'a.b'],
  ['half of a pair in a key', { a: [1, { '\ud83d': 1 }] }, 'a.1.\ufffd'],
])('C15: %s', (_, value, field) => {
  const keys = faultyPath(value);
  expect(keys && fieldPath(keys)).toBe(field);
});
