import type { ConnectNode } from '@chasqui/app-connect/core';
import { CLOSE_CODES } from '@chasqui/protocol';
import { describe, expect, test } from 'vitest';
import type { TestApi } from '../api/fixture.ts';
import { apiAndNodes } from './api-and-nodes.ts';
import { MemoryConnection } from './memory-node.ts';

const ana = { userId: 'ana', password: 'correct horse' };

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

const logIn = async (api: TestApi, deviceId = 'phone'): Promise<Tokens> =>
  (await api.call('POST', '/api/auth/login', { payload: { ...ana, deviceId } })).json();
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const settled = (api: TestApi) => api.clock.advance(0);

/** Each ends the session of ana's phone; `other`: an access token of another device of hers. */
const WAYS: { [way: string]: (api: TestApi, other: string, stolen: Tokens) => Promise<unknown> } = {
  'a device log-out': (api, other) => api.call('DELETE', '/api/devices/phone', bearer(other)),
  'a log-out everywhere': (api, other) => api.call('DELETE', '/api/devices', bearer(other)),
  'a change of the password': (api, other) => {
    const payload = { password: ana.password, newPassword: 'battery staple', deviceId: 'web' };
    return api.call('PUT', '/api/users/me/password', { ...bearer(other), payload });
  },
  'an administrator who ends the sessions': (api) =>
    api.call('DELETE', '/api/admin/users/ana/sessions', { as: 'root' }),
  'an administrator who disables the user': (api) => api.call('PUT', '/api/admin/users/ana/disabled', { as: 'root' }),
  'a refresh token that is used twice': async (api, _, { refreshToken }) => {
    const payload = { refreshToken };
    await api.call('POST', '/api/auth/refresh', { payload });
    await api.clock.advance(30_001);
    return api.call('POST', '/api/auth/refresh', { payload });
  },
};

/** The outcome of a log-in with this token, once it is settled: a close code, or success. */
async function tryToken(api: TestApi, node: ConnectNode, token: string, deviceId = 'phone') {
  const connection = new MemoryConnection(node, `again-${Math.random()}`);
  connection.write({ type: 'login', token, deviceId });
  for (let turn = 0; turn < 5; turn++) await settled(api);
  return connection.closeCode ?? (connection.frames.some(({ type }) => type === 'login_ok') ? 'in' : 'nothing');
}

describe.each(Object.keys(WAYS))('after %s', (way) => {
  test('nobody comes back with the old tokens: not at once, not on another node, not later, not over HTTP', async () => {
    await using world = await apiAndNodes({ admins: ['root'] });
    const { api, nodes } = world;
    const [here, elsewhere] = nodes as [ConnectNode, ConnectNode];
    await api.call('POST', '/api/auth/register', { payload: ana });
    const [stolen, other] = [await logIn(api), await logIn(api, 'web')];
    const thief = await MemoryConnection.loggedIn(elsewhere, 'ana', 'phone', stolen.accessToken);
    // The state before the change is in every cache.
    expect((await api.call('GET', '/api/users/me', bearer(stolen.accessToken))).statusCode).toBe(200);
    await (WAYS[way] as (typeof WAYS)[string])(api, other.accessToken, stolen);
    const code = way.includes('disables') ? CLOSE_CODES.user_disabled : CLOSE_CODES.token_invalid;
    for (const node of [elsewhere, here]) expect(await tryToken(api, node, stolen.accessToken)).toBe(code);
    expect(thief.closeCode).toBe(way.includes('disables') ? CLOSE_CODES.user_disabled : CLOSE_CODES.logged_out);
    const payload = { refreshToken: stolen.refreshToken };
    expect((await api.call('POST', '/api/auth/refresh', { payload })).statusCode).toBe(401);
    const pushToken = { provider: 'fcm', token: 'thief' };
    const put = { ...bearer(stolen.accessToken), payload: pushToken };
    expect((await api.call('PUT', '/api/devices/phone/push-token', put)).statusCode).toBe(401);
    await api.clock.advance(2_000);
    expect((await api.call('GET', '/api/users/me', bearer(stolen.accessToken))).statusCode).toBe(401);
    expect(await tryToken(api, elsewhere, stolen.accessToken)).toBe(code);
  });
});

describe('a session that nobody could tell of its end', () => {
  test('a log-in that is being answered while sessions are ended does not outlive them', async () => {
    let answer = () => {};
    await using world = await apiAndNodes({}, ({ presence }) => ({
      presence: {
        ...presence,
        async register(entry) {
          await new Promise<void>((resolve) => (answer = resolve));
          return presence.register(entry);
        },
      },
    }));
    const { api, nodes } = world;
    await api.call('POST', '/api/auth/register', { payload: ana });
    const { accessToken } = await logIn(api);
    const thief = new MemoryConnection(nodes[0] as ConnectNode, 'thief');
    thief.write({ type: 'login', token: accessToken, deviceId: 'phone' });
    for (let turn = 0; turn < 5; turn++) await settled(api);
    await api.call('DELETE', '/api/devices', { as: 'ana' });
    expect(thief.closeCode).toBeUndefined();
    answer();
    for (let turn = 0; turn < 5; turn++) await settled(api);
    expect(thief.closeCode).toBe(CLOSE_CODES.token_expired);
  });

  test('one whose node cannot be reached ends within a minute, and a good one does not', async () => {
    await using world = await apiAndNodes();
    const { api, nodes, cut } = world;
    await api.call('POST', '/api/auth/register', { payload: ana });
    const [stolen, good] = [await logIn(api), await logIn(api, 'web')];
    const node = nodes[0] as ConnectNode;
    const thief = await MemoryConnection.loggedIn(node, 'ana', 'phone', stolen.accessToken);
    const owner = new MemoryConnection(node, 'owner');
    owner.write({ type: 'login', token: good.accessToken, deviceId: 'web' });
    for (let turn = 0; turn < 5; turn++) await settled(api);
    cut.peers = true;
    await api.call('DELETE', '/api/devices/phone', bearer(good.accessToken));
    expect(thief.closeCode).toBeUndefined();
    for (let passed = 0; passed < 61_000; passed += 1_000) {
      await api.clock.advance(1_000);
      for (const connection of [thief, owner]) connection.write({ type: 'ping' });
    }
    expect([thief.closeCode, owner.closeCode]).toEqual([CLOSE_CODES.token_expired, undefined]);
  });

  test('C11: while the store is away, sessions stay', async () => {
    const away = { is: false };
    await using world = await apiAndNodes({}, ({ revocations }) => ({
      revocations: {
        ...revocations,
        cutOffs: (asked) => (away.is ? Promise.reject(new Error('away')) : revocations.cutOffs(asked)),
      },
    }));
    const { api, nodes } = world;
    const owner = await MemoryConnection.loggedIn(nodes[0] as ConnectNode, 'ana', 'phone', await api.tokenOf('ana'));
    away.is = true;
    for (let passed = 0; passed < 130_000; passed += 1_000) {
      await api.clock.advance(1_000);
      owner.write({ type: 'ping' });
    }
    expect(owner.closeCode).toBeUndefined();
  });
});
