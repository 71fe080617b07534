import { directConversation } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { ANN, ANN_BOB, BOB, CAT, type SearchHarness, searchFixture } from './search-index-fixture.ts';

export function textTests(harness: SearchHarness): void {
  const { index, document, add, find } = searchFixture(harness);

  test('C13: words are found whatever their case; all words of a query must occur, in any order', async () => {
    const fox = 'The quick brown Fox jumps, over 2 lazy dogs!';
    await add(document(fox), document('a quick snail'), document('concatenate'));
    for (const query of ['fox', 'FOX', 'fox quick', 'dogs', 'lazy 2', 'over, "jumps"']) {
      expect(await find(query), query).toEqual([fox]);
    }
    expect(await find('quick')).toEqual(['a quick snail', fox]);
    for (const query of ['fox snail', 'at', 'foxes', 'qu fox', 'q']) expect(await find(query), query).toEqual([]);
  });

  test('the server API finds in all logs, or in all of one conversation', async () => {
    await add(document('a word for bob'), document('a word for dan', { from: CAT, to: 'dan' }));
    const all = async (text: string, query: object = {}) => (await find(text, { logs: 'all', ...query })).sort();
    expect(await all('word')).toEqual(['a word for bob', 'a word for dan']);
    expect(await all('word', { conversationId: directConversation(CAT, 'dan') })).toEqual(['a word for dan']);
    expect(await all('absent')).toEqual([]);
    expect(await find('word')).toEqual(['a word for bob']);
  });

  test.each([
    [
      'Chinese',
      '我在北京大学学习',
      ['北京', '京大', '大学', '北京大学', '我在', '学习', '我在北京大学学习'],
      ['上海', '京北'],
    ],
    [
      'Japanese',
      '明日は東京タワーへ行きます',
      ['明日', '東京', 'タワー', 'タワ', 'きます', '東京タワー'],
      ['大阪', 'ます明'],
    ],
    ['Korean', '안녕하세요 오늘 날씨가 좋네요', ['안녕', '하세', '하세요', '날씨', '좋네'], ['내일', '요하']],
  ])('C13: %s text is found by any part of two characters or more', async (_, text, parts, absent) => {
    await add(document(text), document('something else'));
    for (const part of parts) expect(await find(part), part).toEqual([text]);
    for (const part of absent) expect(await find(part), part).toEqual([]);
  });

  test('C13: languages mix in a text and in a query', async () => {
    const text = '我要买3斤 Apple 和一个iPhone手机壳';
    await add(document(text));
    for (const query of ['apple', 'iphone', '手机', 'iPhone手机', '手机壳 apple', '买3斤']) {
      expect(await find(query), query).toEqual([text]);
    }
    expect(await find('apple 电脑')).toEqual([]);
  });

  test('C13: other scripts by words, and full-width forms like plain ones', async () => {
    const texts = ['Привет, как дела?', 'مرحبا بالعالم', 'ΚΑΛΗΜΕΡΑ κόσμε', 'ＨＥＬＬＯ　ｗｏｒｌｄ'];
    await add(...texts.map((text) => document(text)));
    for (const [i, query] of ['привет', 'مرحبا', 'καλημερα', 'hello'].entries()) {
      expect(await find(query), query).toEqual([texts[i]]);
    }
  });

  test('C15: a query with nothing to look for, or with signs of a query language, finds nothing amiss', async () => {
    await add(document('near the end, or not'));
    for (const query of ['?!', '👍', '"', "'", '*', '(', 'AND', 'end"', 'a:b OR', 'NEAR(end', '\\', '%', '~2']) {
      expect(Array.isArray(await find(query)), query).toBe(true);
    }
    expect(await find('?!')).toEqual([]);
    expect(await find('end*')).toEqual(['near the end, or not']);
    const worst = [
      'x'.repeat(200),
      'a '.repeat(100),
      'ab '.repeat(66),
      '하'.repeat(200),
      'ﷺ'.repeat(200),
      'é,'.repeat(100),
    ];
    const many = Array.from({ length: 100 }, (_, i) => String.fromCharCode(0x100 + i)).join(' ');
    for (const query of [...worst, many]) expect(await find(query), query).toEqual([]);
  });

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
