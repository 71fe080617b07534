import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WordTable } from './word-table.ts';
import { compareWords, startsWith, toWord } from './words.ts';

const unit = fc.constantFrom(...['\0', 'a', 'b', 'z', '~', 'é', '߿', 'ࠀ', '北', '\ud83d', '\udc4d', '\uffff']);
const text = fc.string({ unit, minLength: 1, maxLength: 12 });

test('words are numbered as they come, and in the order of strings, whatever their script and length', () => {
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 40 }), (texts) => {
      const table = new WordTable();
      for (const [word, text] of texts.entries()) {
        expect([table.find(text), table.obtain(text), table.obtain(text), table.find(text)]).toEqual([
          ...[undefined, word, word, word],
        ]);
      }
      expect([...table.sorted()].map((word) => texts[word])).toEqual(texts.toSorted());
    }),
  );
});

test('tens of thousands of words keep their numbers', () => {
  const table = new WordTable();
  const texts = Array.from({ length: 30_000 }, (_, at) => `word ${at} 字${at % 7}`);
  for (const [word, text] of texts.entries()) expect(table.obtain(text)).toBe(word);
  for (const [word, text] of texts.entries()) expect(table.find(text)).toBe(word);
});

test('words compare, and begin with others, as strings do', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareWords(toWord(a), toWord(b)))).toBe(a < b ? -1 : Number(a > b));
      expect(startsWith(toWord(a), toWord(b))).toBe(a.startsWith(b));
    }),
  );
});
