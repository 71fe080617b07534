import { describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from './fixture.ts';

const ana = { userId: 'ana', password: 'correct horse', displayName: '安娜 Ana' };

async function status(api: TestApi, method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH', url: string, as: string) {
  return (await api.call(method, url, { as })).statusCode;
}

describe('profiles', () => {
  test('what a user changes stands, what is left out stays', async () => {
    await using api = await createTestApi();
    await api.call('POST', '/api/auth/register', { payload: ana });
    const change = {
      locale: 'zh-Hant-TW',
      notifications: { showText: true, quietHours: { from: '22:00', to: '07:00', timeZone: 'Asia/Taipei' } },
      privacy: { lastSeen: 'nobody' },
    };
    const changed = await api.call('PATCH', '/api/users/me', { as: 'ana', payload: change });
    expect(changed.json()).toEqual({
      userId: 'ana',
      displayName: '安娜 Ana',
      avatar: '',
      locale: 'zh-Hant-TW',
      notifications: { enabled: true, ...change.notifications },
      privacy: { presence: 'everyone', lastSeen: 'nobody', discoverable: true, groups: 'everyone' },
    });
    await api.call('PATCH', '/api/users/me', { as: 'ana', payload: { notifications: { quietHours: null } } });
    expect((await api.call('GET', '/api/users/me', { as: 'ana' })).json().notifications).toEqual({
      enabled: true,
      showText: true,
      quietHours: null,
    });
  });

  test('changes of one profile at the same time are all made', async () => {
    await using api = await createTestApi();
    const changes = [{ locale: 'de' }, { avatar: 'https://a.example/1.png' }, { displayName: 'Ana' }];
    await Promise.all(changes.map((payload) => api.call('PATCH', '/api/users/me', { as: 'ana', payload })));
    expect((await api.call('GET', '/api/users/me', { as: 'ana' })).json()).toMatchObject(Object.assign({}, ...changes));
  });

  test.each([
    [{ displayName: '' }, 'displayName'],
    [{ displayName: 'a\u0007' }, 'displayName'],
    [{ avatar: 'javascript:alert(1)' }, 'avatar'],
    [{ locale: 'not a language' }, 'locale'],
    [{ notifications: { quietHours: { from: '25:00', to: '07:00', timeZone: 'UTC' } } }, 'notifications.quietHours'],
    [
      { notifications: { quietHours: { from: '21:00', to: '07:00', timeZone: 'Mars' } } },
      'notifications.quietHours.timeZone',
    ],
    [{ privacy: { presence: 'friends' } }, 'privacy.presence'],
    [{ userId: 'bob' }, 'userId'],
    [{}, ''],
  ])('C15: %j is refused with its field, and nothing of it is kept', async (payload, field) => {
    await using api = await createTestApi();
    const before = (await api.call('GET', '/api/users/me', { as: 'ana' })).json();
    const answer = await api.call('PATCH', '/api/users/me', { as: 'ana', payload });
    expect([
      [400, 'invalid_request'],
      [422, 'content_invalid'],
    ]).toContainEqual([...[answer.statusCode, answer.json().error.code]]);
    expect(answer.json().error.field ?? '').toMatch(new RegExp(`^${field}`));
    expect((await api.call('GET', '/api/users/me', { as: 'ana' })).json()).toEqual(before);
  });

  test('people are found by name and id, once registered or once they have said something', async () => {
    await using api = await createTestApi();
    await api.call('POST', '/api/auth/register', { payload: ana });
    await api.call('PATCH', '/api/users/me', { as: 'guest:7', payload: { displayName: 'Anatole' } });
    const found = async (q: string) => {
      const answer = await api.call('GET', `/api/users?q=${encodeURIComponent(q)}&limit=5`, { as: 'bob' });
      return answer.json().users.map((user: { userId: string }) => user.userId);
    };
    expect((await found('ana')).sort()).toEqual(['ana', 'guest:7']);
    expect(await found('安娜')).toEqual(['ana']);
    await api.call('PATCH', '/api/users/me', { as: 'ana', payload: { privacy: { discoverable: false } } });
    expect(await found('ana')).toEqual(['guest:7']);
  });

  test('profiles are looked up by ids, together; who has none is left out', async () => {
    await using api = await createTestApi();
    const avatar = 'https://example.org/ana.png';
    await api.call('PATCH', '/api/users/me', { as: 'ana', payload: { avatar } });
    await api.call('PATCH', '/api/users/me', { as: 'x|y@z', payload: { displayName: 'X' } });
    const ask = (query: string) => api.call('GET', `/api/users?${query}`, { as: 'bob' });
    expect((await ask(`ids=${encodeURIComponent('ana,nobody,x|y@z,ana')}`)).json().users).toEqual([
      { userId: 'ana', displayName: 'ana', avatar },
      { userId: 'x|y@z', displayName: 'X', avatar: '' },
    ]);
    const many = Array.from({ length: 51 }, (_, i) => `u${i}`).join(',');
    for (const query of ['ids=', 'ids=a,,b', 'ids=a%20b', `ids=${many}`, 'q=a&ids=a', 'limit=5']) {
      const answer = await ask(query);
      expect([answer.statusCode, answer.json().error.code], query).toEqual([400, 'invalid_request']);
    }
  });
});

describe('what others see', () => {
  test.each([
    ['everyone', true, true],
    ['contacts', false, true],
    ['nobody', false, false],
  ])('presence and last seen for %s: a stranger sees them: %s, a contact: %s', async (audience, stranger, contact) => {
    await using api = await createTestApi();
    await api.call('PATCH', '/api/users/me', {
      as: 'ana',
      payload: { privacy: { presence: audience, lastSeen: audience } },
    });
    await api.deps.devices.seen([{ userId: 'ana', deviceId: 'phone', platform: 'ios', at: 1_000 }]);
    await api.deps.contacts.request('ana', 'friend', 1);
    await api.deps.contacts.accept('friend', 'ana', 2);
    const seen = async (as: string) => (await api.call('GET', '/api/users/ana', { as })).json();
    const all = { online: false, lastSeenAt: 1_000 };
    const bare = { userId: 'ana', displayName: 'ana', avatar: '' };
    expect(await seen('eve')).toEqual({ ...bare, ...(stranger ? all : {}) });
    expect(await seen('friend')).toEqual({ ...bare, ...(contact ? all : {}) });
    expect(await seen('ana')).toEqual({ ...bare, ...all });
    await api.call('PUT', '/api/blocks/eve', { as: 'ana' });
    expect(await seen('eve')).toEqual(bare);
  });
});

describe('contacts', () => {
  test('asking, accepting, declining and parting', async () => {
    await using api = await createTestApi();
    const list = async (as: string, query = '') => (await api.call('GET', `/api/contacts${query}`, { as })).json();
    expect((await api.call('PUT', '/api/contacts/bob', { as: 'ana' })).json()).toEqual({ state: 'outgoing' });
    expect((await list('bob', '?state=incoming')).contacts).toMatchObject([{ userId: 'ana', state: 'incoming' }]);
    expect(await status(api, 'POST', '/api/contacts/bob/accept', 'ana')).toBe(404);
    expect(await status(api, 'POST', '/api/contacts/ana/accept', 'bob')).toBe(204);
    expect((await list('ana')).contacts).toMatchObject([{ userId: 'bob', state: 'contact' }]);
    await api.call('PUT', '/api/contacts/ana', { as: 'cat' });
    expect(await status(api, 'POST', '/api/contacts/ana/decline', 'cat')).toBe(404);
    expect(await status(api, 'POST', '/api/contacts/cat/decline', 'ana')).toBe(204);
    expect(await status(api, 'DELETE', '/api/contacts/bob', 'ana')).toBe(204);
    expect(await status(api, 'DELETE', '/api/contacts/bob', 'ana')).toBe(404);
    expect(await list('bob')).toEqual({ contacts: [] });
  });

  test('lists go page by page', async () => {
    await using api = await createTestApi();
    for (const other of ['u1', 'u2', 'u3']) await api.call('PUT', `/api/contacts/${other}`, { as: 'ana' });
    const first = (await api.call('GET', '/api/contacts?limit=2', { as: 'ana' })).json();
    expect(first).toMatchObject({ contacts: [{ userId: 'u1' }, { userId: 'u2' }], nextCursor: 'u2' });
    const rest = (await api.call('GET', '/api/contacts?limit=2&cursor=u2', { as: 'ana' })).json();
    expect(rest).toEqual({ contacts: [expect.objectContaining({ userId: 'u3' })] });
  });

  test('nobody is their own contact; who is blocked cannot ask', async () => {
    await using api = await createTestApi();
    const own = await api.call('PUT', '/api/contacts/ana', { as: 'ana' });
    expect([own.statusCode, own.json().error]).toMatchObject([422, { code: 'recipient_invalid', field: 'userId' }]);
    expect(await status(api, 'PUT', '/api/blocks/ana', 'ana')).toBe(422);
    await api.call('PUT', '/api/contacts/bob', { as: 'ana' });
    expect(await status(api, 'PUT', '/api/blocks/ana', 'bob')).toBe(204);
    expect((await api.call('GET', '/api/contacts', { as: 'ana' })).json()).toEqual({ contacts: [] });
    const refused = await api.call('PUT', '/api/contacts/bob', { as: 'ana' });
    expect([refused.statusCode, refused.json().error.code]).toEqual([403, 'blocked']);
    expect((await api.call('GET', '/api/blocks', { as: 'bob' })).json()).toMatchObject({ blocks: [{ userId: 'ana' }] });
    expect(await status(api, 'DELETE', '/api/blocks/ana', 'bob')).toBe(204);
    expect(await status(api, 'PUT', '/api/contacts/bob', 'ana')).toBe(200);
  });

  test('where blocks are silent, a request to who blocks looks as if it waited; one’s own block is still named', async () => {
    await using api = await createTestApi({}, { blockedSenders: 'silence' });
    await api.call('PUT', '/api/blocks/ana', { as: 'bob' });
    const asked = await api.call('PUT', '/api/contacts/bob', { as: 'ana' });
    expect([asked.statusCode, asked.json()]).toEqual([200, { state: 'outgoing' }]);
    expect((await api.call('GET', '/api/contacts', { as: 'bob' })).json()).toEqual({ contacts: [] });
    const own = await api.call('PUT', '/api/contacts/ana', { as: 'bob' });
    expect([own.statusCode, own.json().error.code]).toEqual([403, 'blocked']);
  });
});
