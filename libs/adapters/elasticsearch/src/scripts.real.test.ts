import { indexTokens, queryTokens } from '@chasqui/domain';
import type { SearchDocument } from '@chasqui/ports';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RealInstallation, sampleDocuments } from './real-cluster.ts';

const document = sampleDocuments();

/** Scripts that people write in, and what they write between. */
const ALPHABETS = [
  'abzAZ09éß',
  'αΣς',
  'бЯ',
  'مرحبا',
  'नमस्ते',
  'ไทย',
  '中文國々〇',
  'ひらっ',
  'カナー',
  '한국어',
  'ＡｱｶﾞＺ',
  'ㄅㄆㄇ',
  '①Ⅷ',
  '👍❤️',
  ' .\'"!-_@\\*\n',
  '，。・　',
];
const run = fc
  .constantFrom(...ALPHABETS)
  .chain((letters) => fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 4 }));
const texts = (count: number, runs: number) =>
  fc.sample(fc.array(run, { minLength: 1, maxLength: runs }), count).map((parts) => parts.join(''));

test('C13: of any text in any script, a search finds what the rules of search tokens say, as in the embedded engines', {
  timeout: 120_000,
}, async () => {
  await using other = new RealInstallation({ deadlineMs: 30_000 });
  await other.setup();
  const opened = await other.open();
  const documents: SearchDocument[] = [...texts(300, 8), 'half \ud83d a character'].map((text) => document(text));
  expect(await opened.index(documents)).toEqual(documents.map(() => null));
  await other.refresh();
  const tokens = documents.map((one) => new Set(indexTokens(one.text)));
  for (const text of [...texts(150, 2), 'half', 'ㄅㄆ', '々', '佐々木']) {
    const wanted = queryTokens(text);
    const expected = documents.filter((_, at) => wanted.length > 0 && wanted.every((token) => tokens[at]?.has(token)));
    const hits = await opened.search({ userId: 'bob', text, limit: 100 });
    const ids = expected
      .map(({ messageId }) => messageId)
      .toSorted()
      .toReversed()
      .slice(0, 100);
    expect(
      hits.map(({ messageId }) => messageId),
      JSON.stringify(text),
    ).toEqual(ids);
  }
});
