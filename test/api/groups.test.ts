import { describe, expect, test } from 'vitest';
import { createTestApi } from './fixture.ts';
import { keyed, team } from './team.ts';

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
