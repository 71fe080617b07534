import { describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from './fixture.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const call = async (api: TestApi, method: Method, url: string, payload?: object, as = 'root') => {
  await api.clock.advance(1);
  return api.call(method, url, { as, ...(payload && { payload }) });
};
const asRoot = (api: TestApi, method: Method, path = '', payload?: object) =>
  call(api, method, `/api/admin/groups/team${path}`, payload);
const refusal = (answer: Awaited<ReturnType<typeof call>>) => {
  const { code, field } = answer.json().error;
  return [answer.statusCode, code, field];
};

/** Ana owns the team, in which only admins may do or see anything; root is not in it. */
async function withTeam(settings: Parameters<typeof createTestApi>[1] = {}): Promise<TestApi> {
  const api = await createTestApi({}, { admins: ['root'], ...settings });
  const closed = { post: 'admins', add: 'admins', change: 'admins', seeMembers: 'admins', history: 'since_join' };
  const team = { conversationId: 'team', name: 'Team', picture: 'bad.png', members: ['bob', 'cat'], settings: closed };
  expect((await call(api, 'POST', '/api/groups', team, 'ana')).statusCode).toBe(201);
  return api;
}

const noticesOf = async ({ deps }: TestApi) =>
  (await deps.logs.page('~team', 0, 100)).entries.flatMap((entry) =>
    entry.type === 'notice' ? [[entry.notice, entry.by, entry.users?.join()].filter(Boolean).join(' ')] : [],
  );

describe('groups for administrators', () => {
  test('are found by a user who is or was in them, as they are now, page by page', async () => {
    await using api = await withTeam();
    for (const conversationId of ['left', 'over', 'removed']) {
      await call(api, 'POST', '/api/groups', { conversationId, name: conversationId, members: ['bob'] }, 'ana');
    }
    await call(api, 'POST', '/api/groups/left/leave', undefined, 'bob');
    await call(api, 'PATCH', '/api/groups/left', { name: 'renamed since' }, 'ana');
    await call(api, 'DELETE', '/api/groups/removed/members/bob', undefined, 'ana');
    await call(api, 'DELETE', '/api/groups/over', undefined, 'ana');
    const page = async (query: string) => (await call(api, 'GET', `/api/admin/users/bob/groups${query}`)).json();
    const first = await page('?limit=2');
    const second = await page(`?limit=2&cursor=${first.nextCursor}`);
    expect(first.groups).toMatchObject([
      { conversationId: 'over', dissolvedAt: expect.any(Number), role: 'member' },
      { conversationId: 'removed', leftAt: expect.any(Number), wasRemoved: true },
    ]);
    expect(second).toEqual({
      groups: [
        expect.objectContaining({ conversationId: 'left', name: 'renamed since', owner: 'ana', memberCount: 1 }),
        expect.objectContaining({ conversationId: 'team', picture: 'bad.png', owner: 'ana', role: 'member' }),
      ],
    });
    expect(second.groups[0]).not.toHaveProperty('role');
    expect(second.groups[0]).not.toHaveProperty('wasRemoved');
    await call(api, 'POST', '/api/groups/over/leave', undefined, 'bob');
    const { groups } = await page('');
    expect(groups).toHaveLength(4);
    expect(groups[0]).toMatchObject({ conversationId: 'over', leftAt: expect.any(Number), memberCount: 1 });
    expect((await call(api, 'GET', '/api/admin/users/nobody/groups')).json()).toEqual({ groups: [] });
  });

  test('are seen with their members, by role and name, whatever the members may see', async () => {
    await using api = await withTeam();
    expect((await asRoot(api, 'GET')).json()).toMatchObject({ name: 'Team', owner: 'ana', memberCount: 3 });
    const ids = async (query: string) =>
      (await asRoot(api, 'GET', `/members${query}`)).json().members.map(({ userId }: { userId: string }) => userId);
    expect(await ids('')).toEqual(['ana', 'bob', 'cat']);
    expect([await ids('?role=owner'), await ids('?q=ca')]).toEqual([['ana'], ['cat']]);
    const { nextCursor } = (await asRoot(api, 'GET', '/members?limit=1')).json();
    expect(await ids(`?limit=1&cursor=${nextCursor}`)).toEqual(['bob']);
  });

  test('C18: change on the road of all changes, by the system, once for each key, and at no user’s rate', async () => {
    await using api = await withTeam({ groupChangesPerUser: { perSecond: 1e-9, burst: 1 } });
    const reset = { name: 'Group', description: '', picture: '' };
    const options = { as: 'root', payload: reset, headers: { 'idempotency-key': 'case-7' } };
    for (let again = 0; again < 2; again++) {
      const answer = await api.call('PATCH', '/api/admin/groups/team', options);
      expect([answer.statusCode, answer.json()]).toMatchObject([200, { name: 'Group', picture: '' }]);
    }
    await asRoot(api, 'PUT', '/members/bob/mute', { until: 9e12 });
    await asRoot(api, 'PATCH', '', { settings: { add: 'all' } });
    expect(await noticesOf(api)).toEqual([
      'created ana bob,cat',
      'updated system',
      'muted system bob',
      'updated system',
    ]);
    const [member] = await api.deps.groups.members([{ conversationId: 'team', userId: 'bob' }]);
    expect(member?.mutedUntil).toBe(9e12);
  });

  test('C20: lose a member, and their owner once another was made the owner', async () => {
    await using api = await withTeam();
    expect((await asRoot(api, 'DELETE', '/members/cat')).statusCode).toBe(204);
    const [cat] = await api.deps.groups.members([{ conversationId: 'team', userId: 'cat' }]);
    expect(cat).toMatchObject({ wasRemoved: true, leftAt: expect.any(Number) });
    expect(refusal(await asRoot(api, 'DELETE', '/members/ana'))).toEqual([403, 'not_allowed', 'users']);
    expect(refusal(await asRoot(api, 'POST', '/transfer', { userId: 'cat' }))).toEqual([404, 'not_found', 'userId']);
    expect((await asRoot(api, 'POST', '/transfer', { userId: 'bob' })).statusCode).toBe(204);
    expect((await asRoot(api, 'DELETE', '/members/ana')).statusCode).toBe(204);
    expect((await asRoot(api, 'GET')).json()).toMatchObject({ owner: 'bob', memberCount: 1 });
    expect((await noticesOf(api)).slice(1)).toEqual(['removed system cat', 'owner ana bob', 'removed system ana']);
  });

  test('lose their links, and are dissolved once', async () => {
    await using api = await withTeam();
    const { linkId } = (await call(api, 'POST', '/api/groups/team/links', {}, 'ana')).json();
    expect((await asRoot(api, 'GET', '/links')).json().links).toMatchObject([{ linkId, createdBy: 'ana' }]);
    expect((await asRoot(api, 'DELETE', `/links/${linkId}`)).statusCode).toBe(204);
    expect((await asRoot(api, 'GET', '/links')).json().links).toEqual([]);
    expect((await asRoot(api, 'DELETE')).statusCode).toBe(204);
    expect((await asRoot(api, 'GET')).json().dissolvedAt).toBeGreaterThan(0);
    const gone = [404, 'not_found', 'conversationId'];
    expect(refusal(await asRoot(api, 'DELETE'))).toEqual(gone);
    expect(refusal(await asRoot(api, 'PATCH', '', { name: 'Again' }))).toEqual(gone);
  });

  test('that do not exist are not found, and too many members are refused', async () => {
    await using api = await withTeam();
    for (const [method, path, payload] of [
      ['GET', ''],
      ['GET', '/members'],
      ['GET', '/links'],
      ['PATCH', '', { name: 'x' }],
      ['DELETE', ''],
      ['DELETE', '/members/bob'],
      ['POST', '/transfer', { userId: 'bob' }],
    ] as const) {
      const answer = await call(api, method, `/api/admin/groups/nowhere${path}`, payload);
      expect(refusal(answer), `${method} ${path}`).toEqual([404, 'not_found', 'conversationId']);
    }
    const full = await asRoot(api, 'PATCH', '', { settings: { maxMembers: 100_000 } });
    expect(refusal(full)).toEqual([409, 'limit_reached', 'settings.maxMembers']);
  });

  test('are looked at and changed in the audit log, with whom it affects', async () => {
    await using api = await withTeam();
    await call(api, 'GET', '/api/admin/users/bob/groups');
    await asRoot(api, 'GET', '/members?q=b');
    await asRoot(api, 'DELETE', '/members/bob');
    await asRoot(api, 'POST', '/transfer', { userId: 'bob' });
    await api.clock.advance(1);
    const { entries } = (await call(api, 'GET', '/api/admin/audit')).json();
    const lines = entries
      .reverse()
      .map(({ actor, action, target, outcome, detail }: { [field: string]: string }) =>
        [actor, action, target, outcome, detail].filter(Boolean).join(' '),
      );
    const [remove, transfer] = ['root change_group bob', 'root change_group bob'];
    expect(lines).toEqual([
      ...['root read_user bob begun groups', 'root read_user bob done'],
      ...['root read_group begun GET /api/admin/groups/team/members', 'root read_group done'],
      ...[`${remove} begun DELETE /api/admin/groups/team/members/bob`, `${remove} done`],
      ...[`${transfer} begun POST /api/admin/groups/team/transfer`, `${transfer} failed not_found`],
    ]);
  });

  test('are not done anything to that the audit log cannot take', async () => {
    await using api = await createTestApi(
      ({ auditLog }) => ({ auditLog: { ...auditLog, append: () => Promise.reject(new Error('away')) } }),
      { admins: ['root'] },
    );
    await call(api, 'POST', '/api/groups', { conversationId: 'team', name: 'Team' }, 'ana');
    const headers = { authorization: `Bearer ${await api.tokenOf('root')}` };
    const answer = await api.app.inject({ method: 'DELETE', url: '/api/admin/groups/team', headers });
    expect(answer.statusCode).toBeGreaterThanOrEqual(500);
    expect((await api.deps.groups.groups(['team']))[0]?.dissolvedAt).toBe(0);
  });
});
