import { expect, test } from 'vitest';
import { nameWords, searchedNameWords } from './name-words.ts';
import { initialProfile } from './profile.ts';
import { MAX_TOKEN_LENGTH } from './word-runs.ts';

test('words of name and id are folded and named once', () => {
  expect(nameWords(initialProfile('Ann.B+1', 'ＡＮＮ O’Brien'))).toEqual(['ann', 'o', 'brien', 'b', '1']);
});

test('Chinese, Japanese and Korean give every ending, and end where other letters begin', () => {
  expect(nameWords(initialProfile('u1', 'dr娜娜李'))).toEqual(['dr', '娜娜李', '娜李', '李', 'u1']);
});

test('names are folded without accents; those of scripts without spaces are known by a bounded part', () => {
  expect(nameWords(initialProfile('u1', 'José İnönü Đỗ'))).toEqual(['jose', 'inonu', 'do', 'u1']);
  expect(nameWords(initialProfile('u1', 'נָעֳמִי'))).toEqual(['נעמי', 'u1']);
  expect(nameWords(initialProfile('u1', 'ก'.repeat(500)))).toHaveLength(MAX_TOKEN_LENGTH + 1);
  expect(searchedNameWords('JOSÉ ภาพร')).toEqual(['jose', 'ภาพร']);
});

test('who does not want to be found has no words', () => {
  const profile = initialProfile('u1', 'Ann');
  expect(nameWords({ ...profile, privacy: { ...profile.privacy, discoverable: false } })).toEqual([]);
});

test('C16: a search looks at its first words alone, and at a bounded part of each', () => {
  expect(searchedNameWords('a b c d e f')).toEqual(['a', 'b', 'c', 'd']);
  expect(searchedNameWords('x'.repeat(500))).toEqual(['x'.repeat(64)]);
  expect(searchedNameWords('%_ 👩‍🚀')).toEqual([]);
});
