import { directConversation } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { CAT, type SearchHarness, searchFixture } from './search-index-fixture.ts';

export function textTests(harness: SearchHarness): void {
  const { document, add, find } = searchFixture(harness);

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
}
