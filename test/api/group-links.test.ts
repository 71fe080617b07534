import { describe, expect, test } from 'vitest';
import { keyed, team } from './team.ts';

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
