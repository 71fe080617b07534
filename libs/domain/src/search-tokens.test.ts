import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldAccents } from './fold-accents.ts';
import { nfkcCasefold } from './nfkc-casefold.ts';
import { hasFolded, indexTokens, searchTerms } from './search-tokens.ts';
import { MAX_TOKEN_LENGTH } from './word-runs.ts';

function finds(query: string, text: string): boolean {
  const tokens = indexTokens(text);
  const terms = searchTerms(query);
  const has = (one: string, { tokens: wanted, beginnings }: (typeof terms)[number]) =>
    wanted.includes(one) || beginnings.some((start) => one.startsWith(start));
  return terms.length > 0 && terms.every((term) => tokens.some((token) => has(token, term)));
}

describe('C13: search tokens', () => {
  test('words are lower-cased, split at what is neither letter nor digit, and given once', () => {
    expect(indexTokens("Meet me, meet ME at 7pm; don't wait")).toEqual([
      ...['meet', 'me', 'at', '7pm', 'don', 't', 'wait'],
    ]);
  });

  test('a word is found as a whole, or by its beginning where it is the last of a query, not by another part', () => {
    expect(finds('CAT', 'the cat sat')).toBe(true);
    expect(finds('cat', 'concatenate')).toBe(false);
    expect(finds('con', 'concatenate')).toBe(true);
    expect(finds('con it', 'concatenate it')).toBe(false);
    expect(finds('c', 'concatenate')).toBe(false);
  });

  test('a word with accents is there twice, as it is and without them; other words once', () => {
    expect(indexTokens('Un café, déjà')).toEqual(['un', 'café', '≈cafe', 'déjà', '≈deja']);
    expect(indexTokens('naïve 日本 naive')).toEqual(['naïve', '≈naive', '日', '本', '日本', 'naive']);
    expect(searchTerms('Café de')).toEqual([
      { exact: 'café', tokens: ['cafe', '≈cafe'], beginnings: [] },
      { exact: 'de', tokens: ['de', '≈de'], beginnings: ['de', '≈de'] },
    ]);
    expect(hasFolded(searchTerms('日本'))).toBe(false);
    expect(hasFolded(searchTerms('de'))).toBe(true);
  });

  test('accents that stand alone are no words, beside words of any script', () => {
    expect(indexTokens('\u0301 漢\u0301字 x \u0301')).toEqual(['漢', '字', 'x']);
    expect(searchTerms('\u0301 \u064b')).toEqual([]);
  });

  test.each([
    ['Chinese', '我在北京大学', ['北京', '京大', '大学', '在北京大', '北']],
    ['Japanese', '明日は東京タワーへ行きます', ['東京', 'タワ', 'タワー', 'きま', '明']],
    ['Korean', '안녕하세요 세계', ['안녕', '하세', '하세요', '세계', '안녕하세요']],
    ['mixed', '我要买3斤iPhone壳很好', ['买3斤', 'iphone壳', '壳很', '3']],
    ['supplementary Han', '吃𠮷野家', ['𠮷野', '𠮷']],
  ])('%s text is found by any part', (_, text, parts) => {
    for (const part of parts) expect(finds(part, text), part).toBe(true);
    expect(finds('天津', text)).toBe(false);
  });

  test('alphabets without spaces are known by three letters in a row, shorter runs as they are', () => {
    expect(indexTokens('ไทยๆ')).toEqual(['ไท', 'ทย', 'ยๆ', 'ไทย', 'ทยๆ']);
    expect(searchTerms('ไทยๆ').map(({ exact }) => exact)).toEqual(['ไทย', 'ทยๆ']);
    expect(searchTerms('ไท').map(({ exact }) => exact)).toEqual(['ไท']);
    expect(indexTokens('ก')).toEqual(['ก']);
  });

  test('a Korean syllable that is still being typed finds those that it may become', () => {
    expect(finds('한구', '한국')).toBe(true);
    expect(finds('하', '한국')).toBe(true);
    expect(finds('한구 a', '한국 a')).toBe(false);
    expect(finds('한굴', '한국')).toBe(false);
  });

  test('a text of ASCII and common Chinese has the tokens that it has beside a word that must be folded', () => {
    const plain = fc.constantFrom(...'aZ0 #*_-.中文一龥“”‘’…—、。《》「」【】·，！？：；（）\u3000');
    const folded = new Set(indexTokens('é'));
    fc.assert(
      fc.property(fc.string({ unit: plain, maxLength: 12 }), (text) => {
        expect(indexTokens(text)).toEqual(indexTokens(`${text} é`).filter((token) => !folded.has(token)));
      }),
      { numRuns: 1_000 },
    );
  });

  test('full-width, half-width and composed forms are one', () => {
    expect(finds('bc', 'ＡＢＣ１２３ ok')).toBe(false);
    expect(finds('abc123', 'ＡＢＣ１２３ ok')).toBe(true);
    expect(finds('カタカナ', 'ｶﾀｶﾅ')).toBe(true);
    expect(finds('café', 'cafe\u0301')).toBe(true);
    expect(finds('ПРИВЕТ', 'привет, мир')).toBe(true);
  });

  test('C16: a very long word is known by its beginning', () => {
    const long = 'x'.repeat(30_000);
    expect(indexTokens(long)).toEqual(['x'.repeat(MAX_TOKEN_LENGTH)]);
    expect(finds(long, long)).toBe(true);
    expect(indexTokens(`x${'𝕏𐐀'.repeat(100)}`).every((token) => token.isWellFormed() && token.length <= 64)).toBe(true);
  });

  test('C16: any text of 32 KB makes no more tokens than twice its folded characters, in time that grows with it', () => {
    const worst = [
      'ﷺ',
      'ก',
      '中',
      'é ',
      'a\u0301\u0323 ',
      'ẞ',
      '한',
      '𠮷',
      '\u0301',
      '\ud83d',
      'ŉ',
      '\u200d',
      '👍',
      '👨\u200d',
      '🇩🇪',
      '🏴\u{e0067}',
      '#⃣',
      'x.',
      '٣',
    ];
    const millisFor = (text: string) => {
      const startedAt = performance.now();
      const tokens = indexTokens(text);
      expect(tokens.length).toBeLessThanOrEqual(2 * [...text.normalize('NFKC')].length);
      return performance.now() - startedAt;
    };
    for (const unit of worst) {
      const text = unit.repeat(Math.floor(32_768 / new TextEncoder().encode(unit).length));
      // Far above the usual time, and far below what a quadratic algorithm would take.
      expect(Math.min(millisFor(text), millisFor(text), millisFor(text)), unit).toBeLessThan(1_000);
    }
    const different = Array.from({ length: 10_000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
    expect(indexTokens(different)).toHaveLength(19_999);
  });

  test('punctuation alone is no query', () => {
    expect(searchTerms('?! 、。‼ \u200d \ufe0f \u{1f3fd}')).toEqual([]);
  });

  test('an emoji is a token whatever its skin tone and form; joined ones as a whole and by their parts', () => {
    expect(indexTokens('ok👍🏽 👍 ❤️❤❤︎')).toEqual(['ok', '👍', '❤']);
    expect(indexTokens('👨‍👩‍👧 👩🏽‍🚀')).toEqual(['👨👩👧', '👨', '👩', '👧', '👩🚀', '🚀']);
    expect(searchTerms('👨‍👩‍👧').map(({ exact }) => exact)).toEqual(['👨👩👧']);
    expect(indexTokens('🇩🇪🇫🇷 🇩 #️⃣*⃣')).toEqual(['🇩🇪', '🇫🇷', '＃⃣', '＊⃣']);
    expect(indexTokens('™')).toEqual(['tm']);
    expect(indexTokens('👨\u200d'.repeat(1_000)).every((token) => token.length <= MAX_TOKEN_LENGTH)).toBe(true);
    expect(indexTokens('🏴\u{e0067}\u{e0062}'.repeat(2))).toEqual(['🏴\u{e0067}\u{e0062}']);
  });

  test('an emoji finds the texts that have it, and another does not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...['👍', '❤️', '👨‍👩‍👧', '🇩🇪', '#️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👩🏽‍🚀', '⚽', 'a', '北京', ' ']), {
          maxLength: 8,
        }),
        fc.constantFrom('👍🏿', '❤', '👨‍👩‍👧', '🇩🇪', '#⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👩🏿‍🚀', '⚽️'),
        (texts, emoji) => {
          const bare = (text: string) => text.replace(/[\ufe0f\u{1f3fb}-\u{1f3ff}]/gu, '');
          return finds(emoji, texts.join('')) === texts.map(bare).includes(bare(emoji));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('every part of two characters or more of a Chinese, Japanese or Korean text finds it', () => {
    const character = fc.constantFrom(...'我在北京大学ひらがなカタカナー한국어々𠮷');
    fc.assert(
      fc.property(fc.array(character, { minLength: 2, maxLength: 12 }), fc.nat(), fc.nat(), (characters, a, b) => {
        const from = a % (characters.length - 1);
        const to = from + 2 + (b % (characters.length - from - 1));
        return finds(characters.slice(from, to).join(''), `hi ${characters.join('')}!`);
      }),
    );
  });

  const script = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 6 });
  const word = fc.oneof(
    ...['abcß', 'éèÀç', 'İıi', 'ёйЯ', 'αΣς', 'مَرحباًأ', 'שָׁלוֹם', 'कखिाँ', '漢字かが', '한국하', 'กานี้ำ', 'ខ្មែ'].map(script),
  );
  const anything = fc.string({ unit: 'binary', maxLength: 60 });

  test('a text is found by any of its own words, in any order, with the first letters of the last', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), fc.nat(), fc.nat(), (words, a, b) => {
        const text = words.join(' ');
        const chosen = [words[a % words.length], words[b % words.length]];
        return (
          searchTerms(text).length === 0 ||
          (finds(text, text) && (finds(chosen.join(' '), text) || !/\p{L}/u.test(chosen.join(''))))
        );
      }),
      { numRuns: 500 },
    );
  });

  test('a text without its accents, in capitals or decomposed finds it', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const text = words.join(' ');
        const others = [
          text.normalize('NFD'),
          text.normalize('NFKC'),
          text.toUpperCase(),
          foldAccents(nfkcCasefold(text)),
        ];
        return searchTerms(text).length === 0 || others.every((other) => finds(other, text));
      }),
      { numRuns: 500 },
    );
  });

  test('tokens of any text: no throw, none empty, with a space or given twice; what finds itself, always does', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const tokens = indexTokens(text);
        expect(new Set(tokens).size).toBe(tokens.length);
        expect(tokens.every((token) => /^[\p{L}\p{N}\p{M}≈]+$|^[^\0-\x7f\s]+$/u.test(token))).toBe(true);
        expect(searchTerms(text).length === 0 || finds(text, text)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
