import { describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from './fixture.ts';

const withAdmin = (deps: Parameters<typeof createTestApi>[0] = {}, settings = {}) =>
  createTestApi(deps, { admins: ['root'], ...settings });
const zoe = { userId: 'zoe', password: 'correct horse' };

const asRoot = async (api: TestApi, method: 'GET' | 'PUT' | 'DELETE', url: string) => {
  await api.clock.advance(1);
  return await api.call(method, `/api/admin${url}`, { as: 'root' });
};
const meAs = async (api: TestApi, accessToken: string) => {
  const answer = await api.call('GET', '/api/users/me', { headers: { authorization: `Bearer ${accessToken}` } });
  return answer.statusCode === 200 ? 'in' : answer.json().error.code;
};
const logIn = (api: TestApi) => api.call('POST', '/api/auth/login', { payload: zoe });

/** The log, oldest first, without the fields that differ from run to run. */
async function auditLog(api: TestApi, query = '') {
  const { entries } = (await asRoot(api, 'GET', `/audit${query}`)).json();
  return entries
    .reverse()
    .map(({ actor, action, target, outcome, detail }: { [field: string]: string }) =>
      [actor, action, target, outcome, detail].filter(Boolean).join(' '),
    );
}

describe('administrators', () => {
  test('disable a user, who is out at once and stays out, and enable the user again', async () => {
    await using api = await withAdmin();
    const { accessToken, refreshToken } = (await api.call('POST', '/api/auth/register', { payload: zoe })).json();
    expect(await meAs(api, accessToken)).toBe('in');
    await api.clock.advance(1);
    expect((await asRoot(api, 'PUT', '/users/zoe/disabled')).statusCode).toBe(204);
    const at = api.clock.now();
    await api.clock.advance(2_000);
    expect(await meAs(api, accessToken)).toBe('user_disabled');
    const refreshed = await api.call('POST', '/api/auth/refresh', { payload: { refreshToken } });
    expect(refreshed.json().error.code).toBe('user_disabled');
    expect((await logIn(api)).json().error).toMatchObject({
      ...{ code: 'user_disabled', message: expect.stringMatching(/disabled or erased/) },
    });
    // A token that is issued later, for example by the host application, is refused as well.
    expect(await meAs(api, await api.tokenOf('zoe'))).toBe('user_disabled');
    expect((await asRoot(api, 'GET', '/users/zoe')).json()).toMatchObject({
      userId: 'zoe',
      disabledAt: at,
      sessions: [],
    });

    expect((await asRoot(api, 'DELETE', '/users/zoe/disabled')).statusCode).toBe(204);
    await api.clock.advance(2_000);
    expect(await meAs(api, accessToken)).toBe('token_invalid');
    const again = await logIn(api);
    expect(await meAs(api, again.json().accessToken)).toBe('in');
    expect((await asRoot(api, 'DELETE', '/users/zoe/disabled')).statusCode).toBe(404);
  });

  test('see where somebody is logged in, and end that', async () => {
    await using api = await withAdmin();
    const { accessToken } = (await api.call('POST', '/api/auth/register', { payload: zoe })).json();
    const since = api.clock.now();
    const session = { deviceId: 'phone', platform: 'ios', nodeId: 'n1', since };
    await api.deps.nodes.renew({ ...node, nodeId: 'n1' }, 60_000);
    await api.deps.presence.register({ ...session, userId: 'zoe', sessionId: 's' });
    const account = (await asRoot(api, 'GET', '/users/zoe')).json();
    expect(account).toEqual({ userId: 'zoe', registeredAt: since, sessions: [session] });
    await api.clock.advance(1);
    expect((await asRoot(api, 'DELETE', '/users/zoe/sessions')).statusCode).toBe(204);
    await api.clock.advance(2_000);
    expect(await meAs(api, accessToken)).toBe('token_invalid');
    expect((await logIn(api)).statusCode).toBe(200);
  });

  test('cannot shut themselves out', async () => {
    await using api = await withAdmin();
    const answer = await asRoot(api, 'PUT', '/users/root/disabled');
    expect([answer.statusCode, answer.json().error.field]).toEqual([422, 'userId']);
  });

  test('nobody becomes one by registering first', async () => {
    await using api = await withAdmin();
    const payload = { userId: 'root', password: 'correct horse' };
    expect((await api.call('POST', '/api/auth/register', { payload })).json().error.code).toBe('user_exists');
  });

  test('C16: do so much and no more at once', async () => {
    await using api = await withAdmin({}, { adminPerUser: { perSecond: 1, burst: 2 } });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await asRoot(api, 'GET', '/audit')).statusCode);
    expect(statuses).toEqual([200, 200, 429]);
  });

  const node = { nodeId: '', wsUrl: '', peerAddress: 'n1', connections: 1, draining: false, startedAt: 1 };
});

describe('the audit log', () => {
  test('has who did what to whom, before it is done and what came of it', async () => {
    await using api = await withAdmin();
    await asRoot(api, 'GET', '/users/zoe');
    await asRoot(api, 'DELETE', '/users/zoe/disabled');
    await asRoot(api, 'PUT', '/users/zoe/disabled');
    await asRoot(api, 'DELETE', '/users/ana/sessions');
    const all = [
      ...['root read_user zoe begun', 'root read_user zoe done'],
      ...['root enable_user zoe begun', 'root enable_user zoe failed not_found'],
      ...['root disable_user zoe begun', 'root disable_user zoe done'],
      ...['root end_sessions ana begun', 'root end_sessions ana done'],
    ];
    expect(await auditLog(api)).toEqual(all);
    expect(await auditLog(api, '?target=ana')).toEqual(all.slice(-2));
    const { entries, nextBefore } = (await asRoot(api, 'GET', '/audit?limit=3')).json();
    expect(entries[0].begunBy).toBe(entries[1].entryId);
    const rest = (await asRoot(api, 'GET', `/audit?limit=9&before=${nextBefore}`)).json();
    expect([entries.length, rest.entries.length, rest.nextBefore]).toEqual([3, 5, undefined]);
  });

  test('nothing is done that it cannot take', async () => {
    await using api = await withAdmin(({ auditLog }) => ({
      auditLog: { ...auditLog, append: () => Promise.reject(new Error('away')) },
    }));
    const { statusCode } = await api.app.inject(await rootCall(api, 'PUT', '/users/zoe/disabled'));
    expect(statusCode).toBeGreaterThanOrEqual(500);
    expect(await api.deps.revocations.disabled(['zoe'])).toEqual([null]);
  });

  test('what failed in the middle says so', async () => {
    await using api = await withAdmin(({ revocations }) => ({
      revocations: { ...revocations, revoke: () => Promise.reject(new Error('away')) },
    }));
    await api.app.inject(await rootCall(api, 'DELETE', '/users/zoe/sessions'));
    expect(await auditLog(api)).toEqual(['root end_sessions zoe begun', 'root end_sessions zoe failed internal']);
  });

  test('C16: what is older than the retention is dropped with the next act', async () => {
    await using api = await withAdmin({}, { auditRetentionMs: 1_000 });
    await asRoot(api, 'GET', '/users/zoe');
    await api.clock.advance(3_600_000);
    await asRoot(api, 'GET', '/users/ana');
    expect(await auditLog(api)).toEqual(['root read_user ana begun', 'root read_user ana done']);
  });

  const rootCall = async (api: TestApi, method: 'PUT' | 'DELETE', url: string) => ({
    method,
    url: `/api/admin${url}`,
    headers: { authorization: `Bearer ${await api.tokenOf('root')}` },
  });
});
