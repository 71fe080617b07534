import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutText, PREVIEW_LENGTH, previewOf } from './cut-text.ts';

const clustersOf = (text: string) => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
const family = '👨‍👩‍👧‍👦';

test.each([
  ['a'.repeat(99), '😀', 'a'.repeat(99)],
  ['a'.repeat(98), '😀', `${'a'.repeat(98)}😀`],
  ['a'.repeat(99), '🇩🇪', 'a'.repeat(99)],
  ['a'.repeat(95), family, 'a'.repeat(95)],
  ['a'.repeat(99), 'e\u0301', 'a'.repeat(99)],
  ['a'.repeat(99), '❤️', 'a'.repeat(99)],
  ['a'.repeat(99), '\r\n', 'a'.repeat(99)],
  ['a'.repeat(99), '👍🏽', 'a'.repeat(99)],
  ['文'.repeat(99), '文文', '文'.repeat(100)],
  ['🇩🇪'.repeat(24), '🇫🇷🇫🇷', `${'🇩🇪'.repeat(24)}🇫🇷`],
])('a preview ends with a whole character: %s + %s', (before, end, expected) => {
  expect(previewOf({ text: `${before}${end} and more` })).toBe(expected);
});

test('what is short stays; no text is an empty preview; one endless character is cut between code points', () => {
  expect(previewOf({ text: family })).toBe(family);
  expect(previewOf({ data: {} })).toBe('');
  expect(cutText(`😀${'\u0301'.repeat(500)}`, 100)).toHaveLength(100);
  expect(cutText('😀'.padEnd(10, '\u200d😀'), 1)).toBe('');
});

test('any text: whole characters, at most as long as asked, and no shorter than it must be', () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom(family, '🇩🇪', 'e\u0301', '\r', '\n', '👍🏽', '한'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 60,
  });
  fc.assert(
    fc.property(text, fc.integer({ min: 30, max: 120 }), (given, max) => {
      const cut = cutText(given, max);
      expect(given.startsWith(cut) && cut.length <= max && cut.isWellFormed()).toBe(true);
      const [whole, all] = [clustersOf(cut), clustersOf(given)];
      expect(whole).toEqual(all.slice(0, whole.length));
      const next = all[whole.length];
      if (next !== undefined) expect(cut.length + next.length).toBeGreaterThan(max);
    }),
    { numRuns: 1_000 },
  );
  expect(PREVIEW_LENGTH).toBe(100);
});
