import { describe, expect, test } from 'vitest';
import { createTestApi } from './fixture.ts';
import { keyed, team } from './team.ts';

describe('members', () => {
  test('are listed by name, and found by the beginning of a word of name or id, page by page', async () => {
    await using api = await team();
    const named = (as: string, displayName: string) =>
      api.call('PATCH', '/api/users/me', { as, payload: { displayName } });
    for (const [as, name] of Object.entries({ ana: 'Zed', bob: 'Noël Núñez', cat: 'anna' })) await named(as, name);
    const get = async (query: string) =>
      (await api.call('GET', `/api/groups/team/members?${query}`, { as: 'cat' })).json();
    const names = ({ members }: { members: { displayName: string }[] }) =>
      members.map(({ displayName }) => displayName);
    const first = await get('limit=2');
    expect(names(first)).toEqual(['Zed', 'anna']);
    const rest = await get(`limit=2&cursor=${first.nextCursor}`);
    expect([names(rest), rest.nextCursor]).toEqual([['Noël Núñez'], undefined]);
    expect([names(await get('q=nun')), names(await get('q=BO%20noel')), names(await get('q=zzz'))]).toEqual([
      ['Noël Núñez'],
      ['Noël Núñez'],
      [],
    ]);
    const found = await get('q=an&limit=1');
    expect(names(found)).toEqual(['Zed']);
    expect(names(await get(`q=an&limit=1&cursor=${found.nextCursor}`))).toEqual(['anna']);
    const wrong = [await get(`q=an&cursor=${first.nextCursor}`), await get('cursor=WyJ4Il0')];
    for (const { error } of wrong) expect(error).toMatchObject({ code: 'invalid_request', field: 'cursor' });
  });

  test('are added, whether or not they have an account, except those who block the caller', async () => {
    await using api = await team();
    await api.deps.blocks.block('eve', 'bob', 1);
    const add = (users: string[]) => api.call('POST', '/api/groups/team/members', { as: 'bob', payload: { users } });
    expect((await add(['dan', 'eve', 'cat', 'dan'])).json()).toEqual({
      added: ['dan'],
      skipped: [{ userId: 'eve', code: 'blocked' }],
    });
    expect((await add(['eve'])).json().error).toMatchObject({ code: 'blocked', field: 'users' });
    expect((await add(['cat'])).json()).toEqual({ added: [], skipped: [] });
  });

  test('500 are added by one call, all or nobody, and a repeat of it adds nobody', async () => {
    await using api = await createTestApi();
    const settings = { maxMembers: 501 };
    await api.call('POST', '/api/groups', { as: 'ana', payload: { conversationId: 'team', name: 'Team', settings } });
    const users = Array.from({ length: 501 }, (_, index) => `u${index}`);
    const add = async (some: string[], key = 'many') =>
      (
        await api.call('POST', '/api/groups/team/members', { as: 'ana', payload: { users: some }, ...keyed(key) })
      ).json();
    expect((await add(users)).error).toMatchObject({ code: 'invalid_request', field: 'users' });
    const first = await add(users.slice(0, 500));
    expect(first.added).toHaveLength(500);
    expect(await add(users.slice(0, 500))).toEqual(first);
    expect((await add(['u500', 'u501'], 'more')).error).toMatchObject({ code: 'group_full', field: 'users' });
    expect((await api.call('GET', '/api/groups/team', { as: 'u7' })).json().memberCount).toBe(501);
  });

  test('are added by those alone whom they let', async () => {
    await using api = await team();
    const letIn = (as: string, groups: string) =>
      api.call('PATCH', '/api/users/me', { as, payload: { privacy: { groups } } });
    expect((await api.call('GET', '/api/users/me', { as: 'dan' })).json().privacy.groups).toBe('everyone');
    expect((await letIn('dan', 'contacts')).json().privacy).toMatchObject({ groups: 'contacts', presence: 'everyone' });
    await letIn('eve', 'nobody');
    for (const userId of ['dan', 'eve']) {
      await api.deps.contacts.request('ana', userId, 1);
      await api.deps.contacts.accept(userId, 'ana', 2);
    }
    const add = async (as: string, users: string[]) =>
      (await api.call('POST', '/api/groups/team/members', { as, payload: { users } })).json();
    expect((await add('bob', ['dan', 'eve'])).error).toMatchObject({ code: 'not_addable', field: 'users' });
    const skipped = [{ userId: 'eve', code: 'not_addable' }];
    expect(await add('ana', ['dan', 'eve'])).toEqual({ added: ['dan'], skipped });
    const created = await api.call('POST', '/api/groups', {
      as: 'ana',
      payload: { name: 'X', members: ['dan', 'eve'] },
    });
    expect(created.json()).toMatchObject({ group: { memberCount: 2 }, skipped });
  });

  test('C4: a repeat under the same key is answered as the first time, whoever blocks or refuses whom since', async () => {
    await using api = await createTestApi();
    await api.deps.blocks.block('eve', 'ana', 1);
    const create = () =>
      api.call('POST', '/api/groups', { as: 'ana', payload: { name: 'X', members: ['bob', 'eve'] }, ...keyed('k') });
    const first = (await create()).json();
    const { conversationId } = first.group;
    const add = () =>
      api.call('POST', `/api/groups/${conversationId}/members`, {
        ...{ as: 'ana', payload: { users: ['cat', 'eve'] } },
        ...keyed('k2'),
      });
    const added = (await add()).json();
    expect([first.skipped, added]).toMatchObject([
      [{ userId: 'eve', code: 'blocked' }],
      { added: ['cat'], skipped: [{ userId: 'eve', code: 'blocked' }] },
    ]);
    await api.deps.blocks.unblock('eve', 'ana');
    for (const userId of ['bob', 'cat']) await api.deps.blocks.block(userId, 'ana', 1);
    expect((await add()).json()).toEqual(added);
    expect((await create()).json()).toMatchObject({ group: { conversationId }, skipped: first.skipped });
  });

  test('with the policy silence, nobody learns who blocks them', async () => {
    await using api = await createTestApi({}, { blockedSenders: 'silence' });
    await api.call('POST', '/api/groups', { as: 'ana', payload: { conversationId: 'team', name: 'Team' } });
    await api.deps.blocks.block('eve', 'ana', 1);
    const answer = await api.call('POST', '/api/groups/team/members', { as: 'ana', payload: { users: ['eve'] } });
    expect(answer.json()).toEqual({ added: [], skipped: [] });
  });

  test('are removed by admins and given roles by the owner', async () => {
    await using api = await team();
    const remove = (as: string, userId: string) => api.call('DELETE', `/api/groups/team/members/${userId}`, { as });
    expect((await remove('bob', 'cat')).json().error.code).toBe('not_allowed');
    const role = { role: 'admin' };
    expect((await api.call('PUT', '/api/groups/team/members/bob/role', { as: 'ana', payload: role })).statusCode).toBe(
      204,
    );
    expect((await remove('bob', 'cat')).statusCode).toBe(204);
    expect((await remove('bob', 'ana')).json().error.code).toBe('not_allowed');
    expect((await api.call('GET', '/api/groups/team/members', { as: 'cat' })).json().error.code).toBe('not_a_member');
    const admins = await api.call('GET', '/api/groups/team/members?role=admin', { as: 'ana' });
    expect(admins.json().members).toMatchObject([{ userId: 'bob' }]);
  });

  test('are muted until a time, and a channel shows its members to admins alone', async () => {
    await using api = await team({ post: 'admins', seeMembers: 'admins' });
    const until = api.clock.now() + 60_000;
    const mute = (as: string) => api.call('PUT', '/api/groups/team/members/bob/mute', { as, payload: { until } });
    expect((await mute('cat')).json().error.code).toBe('not_allowed');
    expect((await mute('ana')).statusCode).toBe(204);
    expect((await api.call('GET', '/api/groups/team', { as: 'bob' })).json().mutedUntil).toBe(until);
    expect((await api.call('GET', '/api/groups/team/members', { as: 'bob' })).json().error).toMatchObject({
      code: 'not_allowed',
      field: 'conversationId',
    });
  });
});
