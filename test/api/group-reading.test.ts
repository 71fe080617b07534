import { describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from './fixture.ts';

/**
 * Ana and bob write; cat comes after `m2`, goes after `m4`, comes again after `m6` and goes after `m8`; `m10` is last.
 * Dan has been there from the beginning.
 */
async function comings(history: 'all' | 'since_join') {
  const api = await createTestApi();
  const change = async (method: 'POST' | 'DELETE', url: string, payload?: object) => {
    await api.clock.advance(1_000);
    const answer = await api.call(method, url, { as: 'ana', ...(payload && { payload }) });
    expect(answer.statusCode, answer.payload).toBeLessThan(300);
  };
  const members = '/api/groups/team/members';
  const settings = { history };
  await change('POST', '/api/groups', { conversationId: 'team', name: 'Team', members: ['bob', 'dan'], settings });
  const sent: string[] = [];
  const two = async () => {
    for (const from of ['ana', 'bob']) {
      await api.clock.advance(1_000);
      const { messageId } = await api.post(
        'team',
        from,
        `message m${sent.length + 1}`,
        from === 'ana' ? ['cat', 'dan'] : undefined,
      );
      sent.push(messageId);
    }
  };
  await two();
  await change('POST', members, { users: ['cat'] });
  await two();
  await change('DELETE', `${members}/cat`);
  await two();
  await change('POST', members, { users: ['cat'] });
  await two();
  await change('DELETE', `${members}/cat`);
  await two();
  return { api, sent };
}

const texts = (rows: { text?: string; content?: { text?: string } }[]) =>
  rows.map(({ text, content }) => (text ?? content?.text)?.replace('message ', ''));

/** Everything that pages of this size give. */
async function read(api: TestApi, url: string, as: string, list: 'messages' | 'hits'): Promise<unknown[]> {
  const all: unknown[] = [];
  let before: string | undefined;
  do {
    const answer = await api.call('GET', `${url}${before === undefined ? '' : `&before=${before}`}`, { as });
    expect(answer.statusCode, answer.payload).toBe(200);
    all.push(...texts(answer.json()[list]));
    before = answer.json().nextBefore;
    expect(all.length).toBeLessThan(20);
  } while (before !== undefined);
  return all;
}

const STAYS = ['m8', 'm7', 'm4', 'm3'];
const UP_TO_LAST_DAY = ['m8', 'm7', 'm6', 'm5', 'm4', 'm3', 'm2', 'm1'];
const ALL = ['m10', 'm9', ...UP_TO_LAST_DAY];

describe.each([
  ['since_join', STAYS],
  ['all', UP_TO_LAST_DAY],
] as const)('C20: with history for newcomers: %s', (history, seen) => {
  test.each([1, 2, 3, 50])('history has what the reader may see, in pages of %i', async (limit) => {
    const { api } = await comings(history);
    await using _ = api;
    const url = `/api/conversations/team/messages?limit=${limit}`;
    expect(await read(api, url, 'cat', 'messages')).toEqual(seen);
    expect(await read(api, url, 'dan', 'messages')).toEqual(ALL);
  });

  test.each([1, 2, 50])('notices are those of the same time, in pages of %i', async (limit) => {
    const { api } = await comings(history);
    await using _ = api;
    const read = async (as: string) => {
      const all: string[] = [];
      let before = '';
      do {
        const answer = await api.call('GET', `/api/groups/team/notices?limit=${limit}${before}`, { as });
        const { notices, nextBefore } = answer.json();
        all.push(
          ...notices.map(({ notice, position }: { notice: string; position: number }) => `${notice} ${position}`),
        );
        before = nextBefore === undefined ? '' : `&before=${nextBefore}`;
        expect(all.length).toBeLessThan(20);
      } while (before !== '');
      return all;
    };
    const stays = ['removed 13', 'joined 10', 'removed 7', 'joined 4'];
    expect(await read('dan')).toEqual([...stays, 'created 1']);
    expect(await read('cat')).toEqual(history === 'all' ? [...stays, 'created 1'] : stays);
  });

  test('search finds the same, in one conversation and in all, and by sender and time', async () => {
    const { api, sent } = await comings(history);
    await using _ = api;
    for (const where of ['', '&conversationId=team']) {
      for (const limit of [1, 50]) {
        const url = `/api/messages/search?q=message&limit=${limit}${where}`;
        expect(await read(api, url, 'cat', 'hits')).toEqual(seen);
        expect(await read(api, url, 'dan', 'hits')).toEqual(ALL);
      }
    }
    const byBob = seen.filter((name) => Number(name.slice(1)) % 2 === 0);
    expect(await read(api, '/api/messages/search?q=message&from=bob&limit=1', 'cat', 'hits')).toEqual(byBob);
    const timeOf = (index: number) => Number.parseInt(sent[index]?.slice(0, 12) ?? '', 16);
    const range = `since=${timeOf(2)}&until=${timeOf(4)}`;
    expect(await read(api, `/api/messages/search?q=message&${range}`, 'dan', 'hits')).toEqual(['m4', 'm3']);
  });

  test('traces, readers and marks of one message are for those who may see it', async () => {
    const { api, sent } = await comings(history);
    await using _ = api;
    for (const [index, messageId] of sent.entries()) {
      const trace = await api.call('GET', `/api/messages/${messageId}/trace`, { as: 'cat' });
      const payload = { hiddenUpTo: messageId };
      const hide = await api.call('PATCH', '/api/conversations/team/state', { as: 'cat', payload });
      const isSeen = seen.some((name) => name === `m${index + 1}`);
      expect([trace.statusCode, hide.statusCode], `m${index + 1}`).toEqual(isSeen ? [200, 200] : [404, 404]);
    }
  });

  test('lists show nothing from after their time', async () => {
    const { api } = await comings(history);
    await using _ = api;
    const [conversation] = (await api.call('GET', '/api/conversations', { as: 'cat' })).json().conversations;
    expect(conversation).toMatchObject({ conversationId: 'team', unread: 0, mentions: 0, group: { name: 'Team' } });
    expect(conversation.group.role).toBeUndefined();
    expect(JSON.stringify(conversation)).not.toContain('message m10');
    expect((await api.call('GET', '/api/messages/unread-count', { as: 'cat' })).json()).toMatchObject({ total: 0 });
  });
});

test('conversations of both kinds come in one list, newest first, whatever the size of the pages', async () => {
  await using api = await createTestApi();
  for (const name of ['one', 'two', 'three']) {
    await api.call('POST', '/api/groups', { as: 'ana', payload: { conversationId: name, name } });
    await api.clock.advance(1_000);
    await api.store('bob', `friend-${name}`, 'hello');
    await api.store('ana', `friend-${name}`, 'hello');
    await api.clock.advance(1_000);
  }
  await api.post('one', 'ana', 'the last');
  const wanted = ['one', 'ana~friend-three', 'three', 'ana~friend-two', 'two', 'ana~friend-one'];
  for (const limit of [1, 2, 50]) {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await api.call('GET', `/api/conversations?limit=${limit}${cursor}`, { as: 'ana' })).json();
      seen.push(...page.conversations.map(({ conversationId }: { conversationId: string }) => conversationId));
      cursor = page.nextCursor === undefined ? '' : `&cursor=${encodeURIComponent(page.nextCursor)}`;
      expect(seen.length).toBeLessThan(10);
    } while (cursor !== '');
    expect(seen).toEqual(wanted);
  }
});

test('C21: unread messages and mentions of groups are counted with those of direct conversations', async () => {
  await using api = await createTestApi();
  await api.store('bob', 'ana', 'hello');
  const payload = { conversationId: 'team', name: 'Team', members: ['ana'] };
  await api.call('POST', '/api/groups', { as: 'bob', payload });
  await api.post('team', 'bob', 'one');
  const { messageId } = await api.post('team', 'bob', 'two', ['ana']);
  await api.post('team', 'bob', 'three', 'all');
  await api.post('team', 'ana', 'mine');
  const counts = async () => (await api.call('GET', '/api/messages/unread-count', { as: 'ana' })).json();
  expect(await counts()).toMatchObject({
    total: 4,
    byConversation: { 'ana~bob': 1, team: 3 },
    mentions: { team: 2 },
  });
  const at = api.clock.now();
  await api.deps.conversations.markRead({ conversationId: 'team', userId: 'ana', upTo: messageId, at, node: 'n' });
  expect(await counts()).toMatchObject({ total: 2, byConversation: { team: 1 }, mentions: { team: 1 } });
  const readers = await api.call('GET', `/api/conversations/team/messages/${messageId}/readers`, { as: 'bob' });
  expect(readers.json()).toEqual({ readers: [{ userId: 'ana', at }] });
  const absent = await api.call('GET', `/api/conversations/team/messages/${'0'.repeat(24)}/readers`, { as: 'bob' });
  expect(absent.json().error).toMatchObject({ code: 'message_not_found', field: 'messageId' });
});

test('C20: a group can be cleared up to a message, and then begins behind it', async () => {
  const { api, sent } = await comings('all');
  await using _ = api;
  const clear = await api.call('PATCH', '/api/conversations/team/state', {
    as: 'dan',
    payload: { clearedUpTo: sent[6] },
  });
  expect(clear.statusCode, clear.payload).toBe(200);
  expect(await read(api, '/api/conversations/team/messages?limit=2', 'dan', 'messages')).toEqual(['m10', 'm9', 'm8']);
  expect(await read(api, '/api/messages/search?q=message&limit=2', 'dan', 'hits')).toEqual(['m10', 'm9', 'm8']);
});
