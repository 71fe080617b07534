import { describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from './fixture.ts';

/** Ana owns `team`, bob and cat are members; dan is none. */
async function team(settings: object = {}): Promise<TestApi> {
  const api = await createTestApi();
  const payload = { conversationId: 'team', name: 'Team', members: ['bob', 'cat'], settings };
  const answer = await api.call('POST', '/api/groups', { as: 'ana', payload });
  expect(answer.statusCode, answer.payload).toBe(201);
  return api;
}

const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

describe('a group', () => {
  test('is created with its members, and all of them find it', async () => {
    await using api = await team();
    const read = await api.call('GET', '/api/groups/team', { as: 'bob' });
    expect(read.json()).toMatchObject({ name: 'Team', owner: 'ana', memberCount: 3, role: 'member' });
    const listed = await api.call('GET', '/api/groups', { as: 'cat' });
    expect(listed.json().groups).toMatchObject([{ conversationId: 'team', role: 'member', unread: 0, mentions: 0 }]);
    const members = await api.call('GET', '/api/groups/team/members?limit=2', { as: 'cat' });
    expect(members.json()).toMatchObject({ members: [{ userId: 'ana', role: 'owner' }, { userId: 'bob' }] });
    const { nextCursor } = members.json();
    const rest = await api.call('GET', `/api/groups/team/members?cursor=${nextCursor}`, { as: 'cat' });
    expect(rest.json()).toMatchObject({ members: [{ userId: 'cat', role: 'member', displayName: 'cat' }] });
  });

  test('is created by one user alone, who names nobody', async () => {
    await using api = await createTestApi();
    const answer = await api.call('POST', '/api/groups', { as: 'ana', payload: { name: 'Mine', members: [] } });
    expect([answer.statusCode, answer.json()]).toMatchObject([201, { group: { memberCount: 1 }, skipped: [] }]);
  });

  test('C18: the same key gives the same group and answer; another change under it is refused', async () => {
    await using api = await createTestApi();
    const create = (name: string) =>
      api.call('POST', '/api/groups', { as: 'ana', payload: { name }, ...keyed('first') });
    const [first, again] = [await create('One'), await create('One')];
    expect(again.json()).toEqual(first.json());
    expect((await create('Two')).json().error).toMatchObject({ code: 'change_id_reused', field: 'idempotency-key' });
    expect((await api.call('GET', '/api/groups', { as: 'ana' })).json().groups).toHaveLength(1);
  });

  test('is changed by those who may, and its id is taken once', async () => {
    await using api = await team({ change: 'admins' });
    const patch = (as: string, payload: object) => api.call('PATCH', '/api/groups/team', { as, payload });
    expect((await patch('bob', { name: 'Mine' })).json().error).toMatchObject({ code: 'not_allowed' });
    expect((await patch('ana', { name: 'Ours', settings: { post: 'admins' } })).json()).toMatchObject({
      name: 'Ours',
      settings: { post: 'admins', change: 'admins' },
    });
    const taken = await api.call('POST', '/api/groups', { as: 'eve', payload: { conversationId: 'team', name: 'X' } });
    expect([taken.statusCode, taken.json().error.code]).toEqual([409, 'group_exists']);
  });

  test('is left by its members, and by its owner once another owns it', async () => {
    await using api = await team();
    expect((await api.call('POST', '/api/groups/team/leave', { as: 'ana' })).json().error.code).toBe('not_allowed');
    const transfer = await api.call('POST', '/api/groups/team/transfer', { as: 'ana', payload: { userId: 'bob' } });
    expect(transfer.statusCode).toBe(204);
    const leave = (key: string) => api.call('POST', '/api/groups/team/leave', { as: 'ana', ...keyed(key) });
    expect((await leave('k')).statusCode).toBe(204);
    expect((await leave('k')).statusCode).toBe(204);
    expect((await leave('other')).json().error.code).toBe('not_a_member');
    expect((await api.call('GET', '/api/groups/team', { as: 'ana' })).json().error.code).toBe('not_a_member');
    const [head] = (await api.call('GET', '/api/groups', { as: 'ana' })).json().groups;
    expect(head).toMatchObject({ conversationId: 'team' });
    expect(head.role).toBeUndefined();
  });

  test('that its owner dissolves can be read, and nothing else', async () => {
    await using api = await team();
    await api.post('team', 'bob', 'last words');
    expect((await api.call('DELETE', '/api/groups/team', { as: 'bob' })).json().error.code).toBe('not_allowed');
    expect((await api.call('DELETE', '/api/groups/team', { as: 'ana' })).statusCode).toBe(204);
    expect((await api.call('GET', '/api/groups/team', { as: 'cat' })).json().dissolvedAt).toBeGreaterThan(0);
    const [head] = (await api.call('GET', '/api/groups', { as: 'cat' })).json().groups;
    expect(head).toMatchObject({ role: 'member', dissolvedAt: expect.any(Number) });
    const [entry] = (await api.call('GET', '/api/conversations', { as: 'cat' })).json().conversations;
    expect(entry.group.dissolvedAt).toBe(head.dissolvedAt);
    const history = await api.call('GET', '/api/conversations/team/messages', { as: 'cat' });
    expect(history.json().messages).toMatchObject([{ content: { text: 'last words' } }]);
    const add = await api.call('POST', '/api/groups/team/members', { as: 'ana', payload: { users: ['dan'] } });
    expect(add.json().error.code).toBe('not_found');
  });
});

test('a dissolved group is in no list of a member who left it, nor of its owner, and in those of the others', async () => {
  await using api = await team();
  const { messageId } = await api.post('team', 'bob', 'last words');
  await api.call('POST', '/api/groups/team/leave', { as: 'cat' });
  await api.call('DELETE', '/api/groups/team', { as: 'ana' });
  expect((await api.call('POST', '/api/groups/team/leave', { as: 'bob', ...keyed('k') })).statusCode).toBe(204);
  expect((await api.call('POST', '/api/groups/team/leave', { as: 'bob', ...keyed('k') })).statusCode).toBe(204);
  expect((await api.call('DELETE', '/api/groups/team/members/ana', { as: 'ana' })).statusCode).toBe(204);
  const listed = async (as: string) => [
    (await api.call('GET', '/api/groups', { as })).json().groups.length,
    (await api.call('GET', '/api/conversations', { as })).json().conversations.length,
    (await api.call('GET', '/api/messages/unread-count', { as })).json().total,
  ];
  expect([await listed('ana'), await listed('bob'), await listed('cat')]).toEqual([
    [0, 0, 0],
    [0, 0, 0],
    [1, 1, 0],
  ]);
  for (const as of ['ana', 'bob', 'cat', 'dan']) {
    const again = await api.call('POST', '/api/groups/team/leave', { as });
    expect([as, again.statusCode, again.json().error.code]).toEqual([as, 403, 'not_a_member']);
  }
  const history = await api.call('GET', '/api/conversations/team/messages', { as: 'bob' });
  expect(history.json().messages).toMatchObject([{ messageId }]);
});

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

describe('links and requests', () => {
  test('a link shows the group and lets its bearer join, as often as it says', async () => {
    await using api = await team();
    const made = await api.call('POST', '/api/groups/team/links', { as: 'bob', payload: { uses: 1 } });
    const { linkId } = made.json();
    const preview = await api.call('GET', `/api/group-links/${linkId}`, { as: 'dan' });
    expect(preview.json()).toMatchObject({ name: 'Team', memberCount: 3, needsApproval: false, isMember: false });
    const joined = await api.call('POST', `/api/group-links/${linkId}/join`, { as: 'dan' });
    expect(joined.json()).toMatchObject({ state: 'joined', group: { memberCount: 4, role: 'member' } });
    const late = await api.call('POST', `/api/group-links/${linkId}/join`, { as: 'eve' });
    expect([late.statusCode, late.json().error.code]).toEqual([404, 'link_invalid']);
    const shown = await api.call('GET', `/api/group-links/${linkId}`, { as: 'eve' });
    expect([shown.statusCode, shown.json().error.code]).toEqual([404, 'link_invalid']);
  });

  test('C3: a join by the last use of a link whose answer was lost is answered alike, with its key and without', async () => {
    await using api = await team();
    const made = await api.call('POST', '/api/groups/team/links', { as: 'bob', payload: { uses: 1 } });
    const url = `/api/group-links/${made.json().linkId}/join`;
    for (const key of [keyed('join'), keyed('join'), {}]) {
      const joined = await api.call('POST', url, { as: 'dan', ...key });
      expect([joined.statusCode, joined.json().state]).toEqual([200, 'joined']);
    }
    expect((await api.call('GET', '/api/groups/team', { as: 'dan' })).json().memberCount).toBe(4);
  });

  test('a repeat with the same key makes no second link; links are seen and ended by who may', async () => {
    await using api = await team();
    const make = () => api.call('POST', '/api/groups/team/links', { as: 'bob', payload: {}, ...keyed('link') });
    const { linkId } = (await make()).json();
    expect((await make()).json()).toEqual({ linkId });
    const links = async (as: string) => (await api.call('GET', '/api/groups/team/links', { as })).json().links;
    expect(await links('ana')).toMatchObject([{ linkId, createdBy: 'bob' }]);
    expect(await links('cat')).toEqual([]);
    const end = (as: string) => api.call('DELETE', `/api/groups/team/links/${linkId}`, { as });
    expect((await end('cat')).json().error.code).toBe('not_allowed');
    expect((await end('bob')).statusCode).toBe(204);
    expect(await links('ana')).toEqual([]);
  });

  test('with approval, admins see who asks and decide', async () => {
    await using api = await team({ join: 'approval' });
    const { linkId } = (await api.call('POST', '/api/groups/team/links', { as: 'ana', payload: {} })).json();
    for (const as of ['dan', 'eve']) {
      const asked = await api.call('POST', `/api/group-links/${linkId}/join`, { as });
      expect(asked.json()).toEqual({ conversationId: 'team', state: 'requested' });
      await api.clock.advance(1);
    }
    expect((await api.call('GET', '/api/groups/team/requests', { as: 'bob' })).json().error.code).toBe('not_allowed');
    const page = await api.call('GET', '/api/groups/team/requests?limit=1', { as: 'ana' });
    expect(page.json().requests).toMatchObject([{ userId: 'dan' }]);
    const next = await api.call('GET', `/api/groups/team/requests?cursor=${page.json().nextCursor}`, { as: 'ana' });
    expect(next.json().requests).toMatchObject([{ userId: 'eve' }]);
    const decide = (what: string, users: string[]) =>
      api.call('POST', `/api/groups/team/requests/${what}`, { as: 'ana', payload: { users } });
    expect((await decide('approve', ['dan', 'cat'])).json()).toEqual({ users: ['dan'] });
    expect((await decide('decline', ['eve'])).json()).toEqual({ users: ['eve'] });
    expect((await api.call('GET', '/api/groups/team', { as: 'dan' })).statusCode).toBe(200);
    expect((await api.call('GET', '/api/groups/team', { as: 'eve' })).statusCode).toBe(403);
  });
});
