import { defined, MOMENT_LIMITS } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from './fixture.ts';
import { befriend, feed, post, upload } from './moments-people.ts';

async function start(settings: Parameters<typeof createTestApi>[1] = {}): Promise<TestApi> {
  const pushed: object[] = [];
  const api = await createTestApi({}, settings);
  for (const friend of ['bob', 'cat']) await befriend(api, 'ana', friend);
  return Object.assign(api, { pushed });
}

/** Every route to a moment, requested by a user who is not a contact. */
async function triesOf(api: TestApi, as: string, momentId: string, pictureId: string) {
  const at = `/api/moments/${momentId}`;
  const tries: [method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, payload?: object][] = [
    ['GET', at],
    ['DELETE', at],
    ['GET', `${at}/pictures/${pictureId}`],
    ['PUT', `${at}/like`],
    ['GET', `${at}/likes`],
    ['GET', `${at}/comments`],
    ['POST', `${at}/comments`, { text: 'hello' }],
  ];
  const statuses: number[] = [];
  for (const [method, url, payload] of tries) {
    const answer = await api.call(method, url, { as, ...defined({ payload }) });
    statuses.push(answer.statusCode);
  }
  return statuses;
}

describe('who sees a moment', () => {
  const nothing = [404, 404, 404, 404, 404, 404, 404];
  const all = [200, 404, 200, 204, 200, 200, 201];

  test('contacts do, in every way; strangers, those who only asked, and nobody without a token', async () => {
    await using api = await start();
    const { pictureId } = (await upload(api, 'ana')).json();
    const { momentId } = await post(api, 'ana', { text: 'by the sea', pictures: [pictureId] });
    await api.deps.contacts.request('eve', 'ana', 3);
    expect(await triesOf(api, 'bob', momentId, pictureId)).toEqual(all);
    for (const stranger of ['eve', 'dan']) {
      expect(await triesOf(api, stranger, momentId, pictureId)).toEqual(nothing);
      expect(await feed(api, stranger)).toEqual([]);
      expect(await feed(api, stranger, '?author=ana')).toEqual([]);
    }
    const open = await api.call('GET', `/api/moments/${momentId}/pictures/${pictureId}`);
    expect(open.statusCode).toBe(401);
    expect(await feed(api, 'bob')).toEqual(['by the sea']);
    expect(await feed(api, 'bob', '?author=ana')).toEqual(['by the sea']);
  });

  test('one for chosen contacts is hidden from the others; who was chosen is told to its author alone', async () => {
    await using api = await start();
    const { pictureId } = (await upload(api, 'ana')).json();
    const { momentId } = await post(api, 'ana', { text: 'for bob', chosen: ['bob'], pictures: [pictureId] });
    expect(await triesOf(api, 'cat', momentId, pictureId)).toEqual(nothing);
    expect(await triesOf(api, 'bob', momentId, pictureId)).toEqual(all);
    expect([await feed(api, 'ana'), await feed(api, 'bob'), await feed(api, 'cat')]).toEqual([
      ...[['for bob'], ['for bob'], []],
    ]);
    const seen = async (as: string) => (await api.call('GET', `/api/moments/${momentId}`, { as })).json();
    expect(await seen('ana')).toMatchObject({ chosen: ['bob'] });
    expect(await seen('bob')).not.toHaveProperty('chosen');
    const stranger = await api.call('POST', '/api/moments', {
      as: 'ana',
      payload: { text: 'x', chosen: ['bob', 'eve'] },
    });
    expect([stranger.statusCode, stranger.json().error]).toMatchObject([
      ...[422, { code: 'recipient_invalid', field: 'chosen' }],
    ]);
  });

  test.each([
    ['the author parts', 'DELETE', '/api/contacts/bob', 'ana'],
    ['the other parts', 'DELETE', '/api/contacts/ana', 'bob'],
    ['the author blocks', 'PUT', '/api/blocks/bob', 'ana'],
    ['the other blocks', 'PUT', '/api/blocks/ana', 'bob'],
  ] as const)('when %s, each sees nothing of the other any more', async (_, method, url, as) => {
    await using api = await start();
    const { pictureId } = (await upload(api, 'ana')).json();
    const { momentId } = await post(api, 'ana', { text: 'of ana', pictures: [pictureId], chosen: ['bob'] });
    const own = await post(api, 'bob', { text: 'of bob' });
    expect((await api.call('GET', `/api/moments/${momentId}/pictures/${pictureId}`, { as: 'bob' })).statusCode).toBe(
      200,
    );
    await api.call(method, url, { as });
    expect(await triesOf(api, 'bob', momentId, pictureId)).toEqual(nothing);
    expect((await api.call('GET', `/api/moments/${own.momentId}`, { as: 'ana' })).statusCode).toBe(404);
    expect([await feed(api, 'ana'), await feed(api, 'bob')]).toEqual([['of ana'], ['of bob']]);
  });

  test('replies of whom one blocks, and of who blocks one, are not shown; others see them', async () => {
    await using api = await start();
    const { momentId } = await post(api, 'ana', { text: 'hello' });
    for (const as of ['bob', 'cat']) {
      await api.call('PUT', `/api/moments/${momentId}/like`, { as });
      await api.call('POST', `/api/moments/${momentId}/comments`, { as, payload: { text: `of ${as}` } });
    }
    await api.call('PUT', '/api/blocks/cat', { as: 'bob' });
    const replies = async (as: string) => {
      const likes = (await api.call('GET', `/api/moments/${momentId}/likes`, { as })).json().likes;
      const comments = (await api.call('GET', `/api/moments/${momentId}/comments`, { as })).json().comments;
      return [likes.map((one: { userId: string }) => one.userId), comments.map((one: { text: string }) => one.text)];
    };
    expect(await replies('bob')).toEqual([['bob'], ['of bob']]);
    expect(await replies('cat')).toEqual([['cat'], ['of cat']]);
    expect(await replies('ana')).toEqual([
      ['bob', 'cat'],
      ['of bob', 'of cat'],
    ]);
  });
});

describe('the feed', () => {
  test('has own moments and those of contacts, newest first, page by page', async () => {
    await using api = await start();
    await befriend(api, 'bob', 'cat');
    for (const [i, author] of ['ana', 'bob', 'cat', 'eve', 'ana'].entries()) {
      await post(api, author, { text: `${i} of ${author}` });
      await api.clock.advance(7 * 24 * 3600 * 1000);
    }
    const first = (await api.call('GET', '/api/moments?limit=3', { as: 'ana' })).json();
    expect(first.moments.map(({ text }: { text: string }) => text)).toEqual(['4 of ana', '2 of cat', '1 of bob']);
    const rest = (await api.call('GET', `/api/moments?limit=3&before=${first.nextBefore}`, { as: 'ana' })).json();
    expect(rest).toEqual({ moments: [expect.objectContaining({ text: '0 of ana' })] });
    expect(await feed(api, 'ana', '?author=ana')).toEqual(['4 of ana', '0 of ana']);
    expect(await feed(api, 'eve')).toEqual(['3 of eve']);
  });

  test('says how much each is liked and commented on, and whether the asker likes it', async () => {
    await using api = await start();
    const { momentId } = await post(api, 'ana', { text: 'hello' });
    await api.call('PUT', `/api/moments/${momentId}/like`, { as: 'bob' });
    await api.call('POST', `/api/moments/${momentId}/comments`, { as: 'cat', payload: { text: 'hi' } });
    const seen = async (as: string) => (await api.call('GET', '/api/moments', { as })).json().moments[0];
    expect(await seen('bob')).toMatchObject({ likes: 1, liked: true, comments: 1 });
    expect(await seen('ana')).toMatchObject({ likes: 1, liked: false, comments: 1 });
    await api.call('DELETE', `/api/moments/${momentId}/like`, { as: 'bob' });
    expect(await seen('bob')).toMatchObject({ likes: 0, liked: false });
  });
});

describe('what is said about a moment', () => {
  test('C10: reaches the author by the inbox, once for each, and nobody else', async () => {
    await using api = await start();
    const { momentId } = await post(api, 'ana', { text: 'hello' });
    const payload = { text: 'hi', clientCommentId: 'c1' };
    const comment = await api.call('POST', `/api/moments/${momentId}/comments`, { as: 'bob', payload });
    const again = await api.call('POST', `/api/moments/${momentId}/comments`, { as: 'bob', payload });
    expect(again.json()).toEqual(comment.json());
    for (const as of ['bob', 'bob', 'ana']) await api.call('PUT', `/api/moments/${momentId}/like`, { as });
    const page = (await api.call('GET', '/api/messages/offline', { as: 'ana' })).json();
    const common = { type: 'moment', momentId, by: 'bob', at: api.clock.now() };
    expect(page.updates).toEqual([
      { ...common, event: 'comment', commentId: comment.json().commentId, position: 1 },
      { ...common, event: 'like', position: 2 },
    ]);
    expect((await api.call('GET', '/api/messages/offline', { as: 'bob' })).json().updates).toEqual([]);
  });

  test('comments come oldest first, page by page; one is deleted by who wrote it, or the moment', async () => {
    await using api = await start();
    const { momentId } = await post(api, 'ana', { text: 'hello' });
    const at = `/api/moments/${momentId}/comments`;
    const ids: string[] = [];
    for (const text of ['一', 'two', '3'])
      ids.push((await api.call('POST', at, { as: 'bob', payload: { text } })).json().commentId);
    const first = (await api.call('GET', `${at}?limit=2`, { as: 'cat' })).json();
    expect(first).toMatchObject({ comments: [{ text: '一', author: 'bob' }, { text: 'two' }], nextAfter: ids[1] });
    const rest = (await api.call('GET', `${at}?limit=2&after=${first.nextAfter}`, { as: 'cat' })).json();
    expect(rest).toEqual({ comments: [expect.objectContaining({ text: '3' })] });
    const remove = async (i: number, as: string) => (await api.call('DELETE', `${at}/${ids[i]}`, { as })).statusCode;
    expect(await remove(0, 'cat')).toBe(404);
    expect(await remove(0, 'bob')).toBe(204);
    expect(await remove(1, 'ana')).toBe(204);
    expect(await remove(1, 'ana')).toBe(404);
    expect((await api.call('GET', at, { as: 'cat' })).json().comments).toHaveLength(1);
  });

  test("C10: the author's devices are told live, with the position; a like that is repeated tells nothing", async () => {
    const delivered: unknown[] = [];
    await using api = await createTestApi(({ peers }) => ({
      peers: {
        ...peers,
        deliver: async (_, deliveries) => {
          delivered.push(...deliveries.map(({ userId, frame }) => [userId, JSON.parse(frame)]));
          return deliveries.map(() => 1);
        },
      },
    }));
    await befriend(api, 'ana', 'bob');
    const node = { nodeId: 'n1', wsUrl: '', peerAddress: 'n1', connections: 1, draining: false, startedAt: 1 };
    await api.deps.nodes.renew(node, 60_000);
    for (const deviceId of ['phone', 'tablet']) {
      const entry = { userId: 'ana', deviceId, sessionId: deviceId, nodeId: 'n1', platform: 'ios', since: 1 };
      await api.deps.presence.register(entry);
    }
    const { momentId } = await post(api, 'ana', { text: 'hello' });
    for (let i = 0; i < 2; i++) await api.call('PUT', `/api/moments/${momentId}/like`, { as: 'bob' });
    const frame = { type: 'moment', momentId, event: 'like', by: 'bob', at: api.clock.now(), position: 1 };
    expect(delivered).toEqual([['ana', frame]]);
  });
});

describe('posting', () => {
  test('a post that is repeated with its key is one moment', async () => {
    await using api = await start();
    const payload = { text: 'once', clientMomentId: 'k1' };
    const first = await post(api, 'ana', payload);
    expect(await post(api, 'ana', payload)).toEqual(first);
    expect((await post(api, 'bob', payload)).momentId).not.toBe(first.momentId);
    expect(await feed(api, 'ana', '?author=ana')).toEqual(['once']);
  });

  const picture = '0'.repeat(32);
  test.each([
    [{}, 422, 'text'],
    [{ text: ' \n ' }, 422, 'text'],
    [{ text: 'a\0b' }, 400, 'text'],
    [{ text: 'x'.repeat(MOMENT_LIMITS.maxMomentLength + 1) }, 400, 'text'],
    [{ pictures: [] }, 400, 'pictures'],
    [{ pictures: ['../etc'] }, 400, 'pictures.0'],
    [{ pictures: [picture, picture] }, 400, 'pictures'],
    [{ pictures: Array.from({ length: 10 }, (_, i) => `${i}`.padStart(32, '0')) }, 400, 'pictures'],
    [{ pictures: [picture] }, 404, 'pictures'],
    [{ text: 'x', chosen: [] }, 400, 'chosen'],
    [{ text: 'x', chosen: ['not a user'] }, 400, 'chosen.0'],
    [{ text: 'x', author: 'bob' }, 400, 'author'],
    [{ text: 'x', clientMomentId: '' }, 400, 'clientMomentId'],
  ])('C15: %j is refused with its field, and nothing is posted', async (payload, status, field) => {
    await using api = await start();
    const answer = await api.call('POST', '/api/moments', { as: 'ana', payload });
    expect([answer.statusCode, answer.json().error.field]).toEqual([status, field]);
    expect(await feed(api, 'ana')).toEqual([]);
  });

  test.each([
    [{}, 400, 'text'],
    [{ text: ' ' }, 422, 'text'],
    [{ text: 'x'.repeat(501) }, 400, 'text'],
    [{ text: 'x', by: 'me' }, 400, 'by'],
  ])('C15: the comment %j is refused with its field', async (payload, status, field) => {
    await using api = await start();
    const { momentId } = await post(api, 'ana', { text: 'hello' });
    const answer = await api.call('POST', `/api/moments/${momentId}/comments`, { as: 'bob', payload });
    expect([answer.statusCode, answer.json().error.field]).toEqual([status, field]);
    expect((await api.call('GET', `/api/moments/${momentId}`, { as: 'bob' })).json().comments).toBe(0);
  });

  test('C16: posts, replies and uploads of one user are slowed down, each by itself', async () => {
    const one = { perSecond: 0.1, burst: 1 };
    await using api = await start({ momentsPerUser: { moment: one, reply: one, picture: one } });
    const { momentId } = await post(api, 'ana', { text: 'hello' });
    const calls = [
      () => api.call('POST', '/api/moments', { as: 'ana', payload: { text: 'again' } }),
      () => api.call('PUT', `/api/moments/${momentId}/like`, { as: 'ana' }),
      () => upload(api, 'ana'),
    ];
    const [posted, liked, uploaded] = await Promise.all(calls.map((call) => call()));
    expect([posted?.statusCode, liked?.statusCode, uploaded?.statusCode]).toEqual([429, 204, 201]);
    expect(posted?.headers['retry-after']).toBe('10');
    expect(await Promise.all(calls.map(async (call) => (await call()).statusCode))).toEqual([429, 429, 429]);
  });
});
