import { directAudience, encodeMessage } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { anaReads } from './ana-reads.ts';
import { createTestApi, type TestApi } from './fixture.ts';

/** Reads a list page by page; `next` derives the query parameter from a page. */
async function pages(api: TestApi, url: string, next: (page: never) => string | undefined): Promise<never[]> {
  const all: never[] = [];
  for (let query: string | undefined = ''; query !== undefined; query = next(all.at(-1) as never)) {
    const answer = await api.call('GET', `${url}${query}`, { as: 'ana' });
    expect(answer.statusCode).toBe(200);
    all.push(answer.json() as never);
    expect(all.length).toBeLessThan(20);
  }
  return all;
}

describe('conversations', () => {
  test('come newest first, page by page, each with peer, preview and exact unread count', async () => {
    await using api = await createTestApi();
    for (const peer of ['bob', 'cat', 'dan', 'eva', 'flo']) {
      await api.store(peer, 'ana', `hello from ${peer}`);
      await api.clock.advance(1_000);
    }
    const last = await api.store('ana', 'cat', 'hi, cat');
    const listed = await pages(api, '/api/conversations?limit=2', ({ nextCursor }: { nextCursor?: string }) =>
      nextCursor === undefined ? undefined : `&cursor=${encodeURIComponent(nextCursor)}`,
    );
    const rows = listed.flatMap(({ conversations }: { conversations: { peer: string }[] }) => conversations);
    expect(rows.map(({ peer }) => peer)).toEqual(['cat', 'flo', 'eva', 'dan', 'bob']);
    expect(listed).toHaveLength(3);
    expect(rows[0]).toEqual({
      conversationId: 'ana~cat',
      peer: 'cat',
      lastMessage: { messageId: last.messageId, from: 'ana', preview: 'hi, cat' },
      unread: 1,
      updatedAt: expect.any(Number),
    });
  });

  test('say up to where they are read', async () => {
    await using api = await createTestApi();
    const { messageId, conversationId } = await api.store('bob', 'ana', 'one');
    await api.store('bob', 'ana', 'two');
    await anaReads(api, conversationId, messageId);
    const [row] = (await api.call('GET', '/api/conversations', { as: 'ana' })).json().conversations;
    expect(row).toMatchObject({ unread: 1, readUpTo: messageId });
  });
});

describe('history', () => {
  test('comes newest first, page by page, without gap or overlap', async () => {
    await using api = await createTestApi();
    const sent: string[] = [];
    for (let i = 0; i < 7; i++)
      sent.push((await api.store(i % 2 ? 'ana' : 'bob', i % 2 ? 'bob' : 'ana', `m${i}`)).messageId);
    const url = `/api/conversations/${encodeURIComponent('ana~bob')}/messages?limit=3`;
    const read = await pages(api, url, ({ nextBefore }: { nextBefore?: string }) =>
      nextBefore === undefined ? undefined : `&before=${nextBefore}`,
    );
    const messages = read.flatMap(({ messages }: { messages: { messageId: string }[] }) => messages);
    expect(messages.map(({ messageId }) => messageId)).toEqual(sent.reverse());
    expect(messages[6]).toMatchObject({
      type: 'chat',
      from: 'bob',
      to: 'ana',
      content: { text: 'm0' },
      status: 'stored',
    });
  });

  test('a silenced message is in its sender’s alone; the other’s pages come without gap, also past very many', async () => {
    await using api = await createTestApi();
    const sent: { messageId: string; silenced: boolean }[] = [];
    for (let i = 0; i < 120; i++) {
      const message = await api.store('bob', 'ana', `m${i}`);
      const { conversationId, messageId } = message;
      const silenced = i > 5 && i < 115;
      sent.unshift({ messageId, silenced });
      if (!silenced) continue;
      await api.deps.messages.remove([{ conversationId, messageId }]);
      await api.deps.messages.put([
        { ...encodeMessage({ ...message, audience: directAudience('bob', 'ana', true) }), steps: [] },
      ]);
    }
    const idsOf = async (as: string) => {
      const ids: string[] = [];
      for (let before = ''; ; ) {
        const page = (await api.call('GET', `/api/conversations/ana~bob/messages?limit=4${before}`, { as })).json();
        expect(page.messages.length).toBeLessThanOrEqual(4);
        expect(JSON.stringify(page)).not.toMatch(/silenced|audience/);
        ids.push(...page.messages.map(({ messageId }: { messageId: string }) => messageId));
        if (page.nextBefore === undefined) return ids;
        before = `&before=${page.nextBefore}`;
      }
    };
    expect(await idsOf('bob')).toEqual(sent.map(({ messageId }) => messageId));
    expect(await idsOf('ana')).toEqual(sent.filter(({ silenced }) => !silenced).map(({ messageId }) => messageId));
    const hidden = sent.find(({ silenced }) => silenced)?.messageId;
    expect((await api.call('GET', `/api/messages/${hidden}/trace`, { as: 'ana' })).statusCode).toBe(404);
    expect((await api.call('GET', `/api/messages/${hidden}/trace`, { as: 'bob' })).statusCode).toBe(200);
  });

  test('a recalled message stays in its place without content', async () => {
    await using api = await createTestApi();
    const message = await api.store('bob', 'ana', 'regrettable');
    const recall = { action: 'recall', revision: 1, by: 'bob', at: 1_800_000_000_000 } as const;
    await api.deps.messages.apply([{ ...message, action: recall, node: 'business-1' }]);
    const answer = await api.call('GET', '/api/conversations/ana~bob/messages', { as: 'ana' });
    expect(answer.payload).not.toContain('regrettable');
    const recalled = { messageId: message.messageId, recalledAt: 1_800_000_000_000, recalledBy: 'bob' };
    expect(answer.json().messages[0]).toMatchObject(recalled);
    expect(answer.json().messages[0]).not.toHaveProperty('content');
  });

  test("the application's own data comes back as it was sent", async () => {
    await using api = await createTestApi();
    const message = await api.store('bob', 'ana', 'look');
    const data = { kind: 'place', at: [1.5, -2], deep: { 键: null, list: [{ a: '\u2028"' }] }, __proto__x: true };
    const { conversationId } = message;
    await api.deps.messages.remove([{ conversationId, messageId: message.messageId }]);
    await api.deps.messages.put([{ ...encodeMessage({ ...message, content: { data } }), steps: [] }]);
    const answer = await api.call('GET', '/api/conversations/ana~bob/messages', { as: 'ana' });
    expect(answer.json().messages[0].content).toEqual({ data });
  });

  test("C15: someone else's conversation is refused, to its members only is it open", async () => {
    await using api = await createTestApi();
    await api.store('bob', 'cat', 'secret');
    const refused = await api.call('GET', '/api/conversations/bob~cat/messages', { as: 'ana' });
    expect([refused.statusCode, refused.json().error.code]).toEqual([403, 'not_a_member']);
    const search = await api.call('GET', '/api/messages/search?q=secret&conversationId=bob~cat', { as: 'ana' });
    expect([search.statusCode, search.json().error.code]).toEqual([403, 'not_a_member']);
    expect((await api.call('GET', '/api/conversations/bob~cat/messages', { as: 'cat' })).json().messages).toHaveLength(
      1,
    );
    expect((await api.call('GET', '/api/conversations/cat~bob/messages', { as: 'cat' })).statusCode).toBe(404);
  });
});

describe('search', () => {
  test('C13: finds words and Chinese, within one conversation if asked, and nothing of others', async () => {
    await using api = await createTestApi();
    await api.store('bob', 'ana', '明天下午开会');
    await api.store('cat', 'ana', '明天见 tomorrow');
    await api.store('bob', 'cat', '明天 secret');
    const find = async (query: string, as = 'ana') =>
      (await api.call('GET', `/api/messages/search?${new URLSearchParams(query)}`, { as })).json().hits;
    expect((await find('q=明天')).map(({ text }: { text: string }) => text)).toEqual([
      '明天见 tomorrow',
      '明天下午开会',
    ]);
    expect(await find('q=明天&conversationId=ana~bob')).toHaveLength(1);
    expect(await find('q=secret')).toEqual([]);
    expect(await find('q=secret', 'cat')).toHaveLength(1);
    expect(await find('q=+%3F%21')).toEqual([]);
  });

  test('goes on from page to page', async () => {
    await using api = await createTestApi();
    for (let i = 0; i < 5; i++) await api.store('bob', 'ana', `apple ${i}`);
    const found = await pages(api, '/api/messages/search?q=apple&limit=2', ({ nextBefore }: { nextBefore?: string }) =>
      nextBefore === undefined ? undefined : `&before=${nextBefore}`,
    );
    expect(found.map(({ hits }: { hits: object[] }) => hits.length)).toEqual([2, 2, 1]);
    const texts = found.flatMap(({ hits }: { hits: { text: string }[] }) => hits.map(({ text }) => text));
    expect(texts).toEqual(['apple 4', 'apple 3', 'apple 2', 'apple 1', 'apple 0']);
  });

  test('a page that is exactly full says that it is the last', async () => {
    await using api = await createTestApi();
    for (const text of ['café', 'cafe']) await api.store('bob', 'ana', text);
    const page = async (query: string) =>
      (await api.call('GET', `/api/messages/search?q=cafe&${query}`, { as: 'ana' })).json();
    expect(Object.keys(await page('limit=2'))).toEqual(['hits']);
    const { nextBefore } = await page('limit=1');
    const last = await page(`limit=1&before=${nextBefore}`);
    expect([last.hits.length, last.nextBefore]).toEqual([1, undefined]);
    for (let i = 0; i < 98; i++) await api.store('bob', 'ana', 'cafe');
    expect((await page('limit=100')).nextBefore).toBeUndefined();
    await api.store('bob', 'ana', 'cafe');
    expect((await page('limit=100')).nextBefore).toBeDefined();
  });

  test('C13: exact hits come first over all pages, whatever their age; each hit once and without its rank', async () => {
    await using api = await createTestApi();
    const texts = ['un café', 'cafe', 'le café', 'cafés', 'a CAFE'];
    for (const text of texts) await api.store('bob', 'ana', text);
    for (const limit of [1, 2, 3]) {
      const url = `/api/messages/search?q=caf%C3%A9&limit=${limit}`;
      const found = await pages(api, url, ({ nextBefore }: { nextBefore?: string }) =>
        nextBefore === undefined ? undefined : `&before=${nextBefore}`,
      );
      const hits = found.flatMap((page: { hits: { text: string }[] }) => page.hits);
      expect(hits.map(({ text }) => text)).toEqual(['le café', 'un café', 'a CAFE', 'cafés', 'cafe']);
      expect(Object.keys(hits[0] ?? {})).not.toContain('exact');
    }
  });

  test.each([
    ['no words', '', 'q'],
    ['empty words', '?q=', 'q'],
    ['too many', `?q=${'x'.repeat(201)}`, 'q'],
    ['a NUL', '?q=%00', 'q'],
    ['two of them', '?q=a&q=b', 'q'],
    ['a limit that is no number', '?q=a&limit=ten', 'limit'],
    ['a limit out of bounds', '?q=a&limit=101', 'limit'],
    ['a limit with a sign and space', '?q=a&limit=%2B5', 'limit'],
    ['no message id', '?q=a&before=yesterday', 'before'],
    ['a rank without a place', '?q=a&before=~', 'before'],
    ['a misspelt parameter', '?q=a&conversationid=ana~bob', 'conversationid'],
  ])('C15: %s is refused by name', async (_, query, field) => {
    await using api = await createTestApi();
    const answer = await api.call('GET', `/api/messages/search${query}`, { as: 'ana' });
    expect([answer.statusCode, answer.json().error]).toMatchObject([400, { code: 'invalid_request', field }]);
  });
});
