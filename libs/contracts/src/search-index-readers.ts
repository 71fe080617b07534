import { expect, test } from 'vitest';
import { ANN, ANN_BOB, BOB, CAT, type SearchHarness, searchFixture } from './search-index-fixture.ts';

/** Who finds a message, and where. */
export function readerTests(harness: SearchHarness): void {
  const { index, document, add, find } = searchFixture(harness);

  test('C13: a message is found by its users and by nobody else', async () => {
    await add(
      document('secret one'),
      document('secret two', { from: BOB, to: CAT }),
      document('secret three', { from: ANN, to: CAT }),
      document('secret four', { from: 'ann2', to: 'bob2' }),
    );
    expect(await find('secret', { logs: [ANN] })).toEqual(['secret three', 'secret one']);
    expect(await find('secret', { logs: [BOB] })).toEqual(['secret two', 'secret one']);
    expect(await find('secret', { logs: [CAT] })).toEqual(['secret three', 'secret two']);
    expect(await find('secret', { logs: ['eve'] })).toEqual([]);
    expect(await find('secret', { logs: ['ANN'] })).toEqual([]);
    // Naming the conversation does not help.
    expect(await find('secret', { logs: [CAT], conversationId: ANN_BOB })).toEqual([]);
    for (const word of ['ann', 'bob', 'stored']) expect(await find(word, { logs: [ANN] }), word).toEqual([]);
  });

  test('a search inside one conversation finds only there', async () => {
    await add(document('hello a'), document('hello b', { from: CAT }), document('hello c', { from: BOB, to: ANN }));
    expect(await find('hello', { conversationId: ANN_BOB })).toEqual(['hello c', 'hello a']);
    expect(await find('hello', { conversationId: 'bob~dan' })).toEqual([]);
  });

  test('C13: a message of a group is one document, found by each reader of its log among their many logs', async () => {
    const [team, other] = ['~team', '~other'].map((log) => ({ conversationId: log.slice(1), logs: [log] }));
    await add(document('hello team', team), document('hello other', other), document('hello bob'));
    expect(await find('hello', { logs: ['~team'] })).toEqual(['hello team']);
    expect(await find('hello', { logs: [BOB, '~team'] })).toEqual(['hello bob', 'hello team']);
    const many = Array.from({ length: 2_000 }, (_, i) => `~group${i}`);
    expect(await find('hello', { logs: [BOB, ...many, '~other'] })).toEqual(['hello bob', 'hello other']);
    expect(await find('hello', { logs: [BOB, '~team'], conversationId: 'team' })).toEqual(['hello team']);
    expect(await find('hello', { logs: [CAT], conversationId: 'team' })).toEqual([]);
    expect(await find('hello', { logs: [] })).toEqual([]);
  });

  test('a search between two ids finds what is between them, page by page and in both ranks', async () => {
    const documents = ['café 0', 'cafe 1', 'café 2', 'cafe 3', 'café 4', 'cafe 5'].map((text) => document(text));
    await add(...documents);
    const [above = '', below = ''] = [documents[0], documents[5]].map((one) => one?.messageId);
    expect(await find('café', { above, below })).toEqual(['café 4', 'café 2', 'cafe 3', 'cafe 1']);
    expect(await find('café', { above })).toEqual(['café 4', 'café 2', 'cafe 5', 'cafe 3', 'cafe 1']);
    expect(await find('café', { below })).toEqual(['café 4', 'café 2', 'café 0', 'cafe 3', 'cafe 1']);
    const [, , after] = await index().search({ logs: [BOB], text: 'café', above, below, limit: 3 });
    expect(await find('café', { above, below, ...(after && { after }) })).toEqual(['cafe 1']);
    const exact = { exact: true, messageId: documents[4]?.messageId ?? '' };
    expect(await find('café', { above, below, after: exact })).toEqual(['café 2', 'cafe 3', 'cafe 1']);
  });

  test('hits are newest first, page by page, each once', async () => {
    const documents = Array.from({ length: 11 }, (_, i) => document(`item number${i}`));
    await add(...documents.toSorted((a, b) => a.text.localeCompare(b.text)).reverse());
    const seen: string[] = [];
    for (let before: string | undefined; seen.length <= 11; ) {
      const after = before === undefined ? {} : { after: { exact: true, messageId: before } };
      const query = { logs: [BOB], text: 'item', limit: 4, ...after };
      const page = await index().search(query);
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(4);
      seen.push(...page.map(({ messageId }) => messageId));
      before = seen.at(-1);
    }
    expect(seen).toEqual(documents.map(({ messageId }) => messageId).reverse());
  });

  test('C13: a hit says all about its message, but neither the version nor who else finds it', async () => {
    const { version, logs, ...hit } = document('the whole of it', { status: 'read' });
    await add({ ...hit, logs, version });
    expect(await index().search({ logs: [ANN], text: 'whole', limit: 1 })).toEqual([{ ...hit, exact: true }]);
  });
}
