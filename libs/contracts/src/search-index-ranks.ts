import { defined } from '@chasqui/domain';
import type { SearchQuery } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { BOB, type SearchHarness, searchFixture } from './search-index-fixture.ts';
import { RANKED, SCRIPT_ROWS } from './search-index-scripts.ts';

export function scriptTests(harness: SearchHarness): void {
  const { document, add, find } = searchFixture(harness);

  test.each(Object.entries(SCRIPT_ROWS))('C13: %s', async (_, rows) => {
    await add(...rows.map(({ text }) => document(text)));
    const wrong: string[] = [];
    for (const { text, finds, misses = [] } of rows) {
      for (const query of finds) if (!(await find(query)).includes(text)) wrong.push(`${query} misses ${text}`);
      for (const query of misses) if ((await find(query)).includes(text)) wrong.push(`${query} finds ${text}`);
    }
    expect(wrong).toEqual([]);
  });
}

export function rankTests(harness: SearchHarness): void {
  const { index, document, add, find } = searchFixture(harness);

  test('C13: an exact hit comes first, whatever its age; case makes no difference', async () => {
    await add(...RANKED.flatMap(({ inOrder }) => inOrder.map((text) => document(text))));
    for (const { query, inOrder } of RANKED) {
      const [first, ...others] = inOrder;
      const found = (await find(query)).filter((text) => inOrder.includes(text));
      expect(found, query).toEqual([first, ...others.toReversed()]);
    }
  });

  test('exact hits, then the others, each newest first, page by page, each once', async () => {
    const texts = Array.from({ length: 13 }, (_, i) => (i % 3 === 0 ? `un café ${i}` : `cafe ${i}`));
    const documents = texts.map((text) => document(text));
    await add(...documents);
    const isExact = ({ text }: { text: string }) => text.includes('café');
    const newest = documents.toReversed();
    const wanted = [...newest.filter(isExact), ...newest.filter((one) => !isExact(one))];
    for (const limit of [1, 2, 5, 8, 13]) {
      const seen: { messageId: string; exact: boolean }[] = [];
      for (let page: number = limit; page === limit; ) {
        const after = seen.at(-1);
        const query: SearchQuery = { logs: [BOB], text: 'café', limit, ...defined({ after }) };
        const hits = await index().search(query);
        page = hits.length;
        seen.push(...hits);
      }
      expect(seen.map(({ messageId }) => messageId)).toEqual(wanted.map(({ messageId }) => messageId));
      expect(seen.map(({ exact }) => exact)).toEqual(wanted.map(isExact));
    }
  });
}
