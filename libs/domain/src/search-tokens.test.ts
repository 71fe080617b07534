import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexTokens, MAX_TOKEN_LENGTH, queryTokens } from './search-tokens.ts';

function finds(query: string, text: string): boolean {
  const tokens = new Set(indexTokens(text));
  const wanted = queryTokens(query);
  return wanted.length > 0 && wanted.every((token) => tokens.has(token));
}

describe('C13: search tokens', () => {
  test('words are lower-cased, split at what is neither letter nor digit, and given once', () => {
    expect(indexTokens("Meet me, meet ME at 7pm; don't wait")).toEqual([
      ...['meet', 'me', 'at', '7pm', 'don', 't', 'wait'],
    ]);
  });

  test('a word is found as a whole, not by a part', () => {
    expect(finds('CAT', 'the cat sat')).toBe(true);
    expect(finds('cat', 'concatenate')).toBe(false);
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

  test('full-width, half-width and composed forms are one', () => {
    expect(finds('abc', 'ＡＢＣ１２３ ok')).toBe(false);
    expect(finds('abc123', 'ＡＢＣ１２３ ok')).toBe(true);
    expect(finds('カタカナ', 'ｶﾀｶﾅ')).toBe(true);
    expect(finds('café', 'cafe\u0301')).toBe(true);
    expect(finds('ПРИВЕТ', 'привет, мир')).toBe(true);
  });

  test('C16: a very long word is known by its beginning', () => {
    const long = 'x'.repeat(30_000);
    expect(indexTokens(long)).toEqual(['x'.repeat(MAX_TOKEN_LENGTH)]);
    expect(finds(long, long)).toBe(true);
  });

  test('punctuation and emoji alone are no query', () => {
    expect(queryTokens('?! 👍 、。')).toEqual([]);
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
});
