import { indexTokens, type SearchTerm, searchTerms } from '@chasqui/domain';
import type { SearchDocument } from '@chasqui/ports';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BOB, type SearchHarness, searchFixture } from './search-index-fixture.ts';

/** Scripts, and the separators between words. */
const ALPHABETS = [
  ...['abzAZ09éß', 'éœİıßΐ\u0301\u00ad', 'αΣς', 'бЯйё', 'مرحباًأـ', 'שלוםָ', 'नमस्ते', 'ไทยน้ำ๒', 'ខ្មែរ', 'မြန်မာ'],
  ...['中文國々〇', 'ひらっ', 'カナー', '한국어하', 'ＡｱｶﾞＺ', 'ㄅㄆㄇ', '①Ⅷ', '👍❤️', ' .\'"!-_@\\*\n', '，。・　'],
];
const run = fc
  .constantFrom(...ALPHABETS)
  .chain((letters) => fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 4 }));
const texts = (count: number, runs: number) =>
  fc.sample(fc.array(run, { minLength: 1, maxLength: runs }), count).map((parts) => parts.join(''));

function hasTerm(tokens: readonly string[], term: SearchTerm): boolean {
  if (tokens.some((token) => term.tokens.includes(token))) return true;
  return term.beginnings.some((start) => tokens.some((token) => token.startsWith(start)));
}

export function modelTests(harness: SearchHarness): void {
  const { index, document, add } = searchFixture(harness);

  test('C13: of any text in any script, a search finds what the rules of search tokens say, on every engine', async () => {
    const documents: SearchDocument[] = texts(300, 8).map((text) => document(text));
    await add(...documents);
    const newest = documents.toReversed().map(({ messageId, text }) => ({ messageId, tokens: indexTokens(text) }));
    for (const text of [...texts(150, 2), 'ㄅㄆ', '々', '佐々木', 'na', 'اح']) {
      const terms = searchTerms(text);
      const found = newest.filter(({ tokens }) => terms.length > 0 && terms.every((term) => hasTerm(tokens, term)));
      const isExact = ({ tokens }: { tokens: string[] }) => terms.every(({ exact }) => tokens.includes(exact));
      const wanted = [...found.filter(isExact), ...found.filter((one) => !isExact(one))].slice(0, 100);
      const hits = await index().search({ logs: [BOB], text, limit: 100 });
      expect(
        hits.map(({ messageId, exact }) => ({ messageId, exact })),
        JSON.stringify(text),
      ).toEqual(wanted.map((one) => ({ messageId: one.messageId, exact: isExact(one) })));
    }
  });
}
