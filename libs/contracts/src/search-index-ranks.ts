import { defined, formatMessageId } from '@chasqui/domain';
import type { SearchDocument, SearchQuery } from '@chasqui/ports';
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

  test('C13: messages of long ago are found, behind newer ones', async () => {
    const [old, older] = [Date.UTC(2019, 11, 31), Date.UTC(1999, 11, 31)].map((sentAt) =>
      document(`long ago ${sentAt}`, { sentAt, messageId: formatMessageId({ millis: sentAt, counter: 0, tag: 1 }) }),
    );
    const recent = document('long ago, it seems');
    await add(older as SearchDocument, recent, old as SearchDocument);
    const texts = [recent, old, older].map((one) => one?.text);
    expect(await find('long ago')).toEqual(texts);
    expect(await find('long ago', { below: recent.messageId, limit: 1 })).toEqual(texts.slice(1, 2));
    expect(await find('long ago', { above: old?.messageId ?? '' })).toEqual(texts.slice(0, 1));
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
