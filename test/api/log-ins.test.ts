import type { Delivery } from '@chasqui/ports';
import { createTokenIssuer, createTokenVerifier } from '@chasqui/tokens';
import { describe, expect, test } from 'vitest';
import { createTestApi, SECRET, type TestApi } from './fixture.ts';

const ana = { userId: 'ana', password: 'correct horse' };

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

const register = async (api: TestApi, deviceId?: string): Promise<Tokens> =>
  (await api.call('POST', '/api/auth/register', { payload: { ...ana, ...(deviceId && { deviceId }) } })).json();
const refresh = (api: TestApi, { refreshToken }: Tokens) =>
  api.call('POST', '/api/auth/refresh', { payload: { refreshToken } });
const logIn = (api: TestApi, password = ana.password, deviceId?: string) =>
  api.call('POST', '/api/auth/login', { payload: { userId: 'ana', password, ...(deviceId && { deviceId }) } });
const me = async (api: TestApi, { accessToken }: Tokens) =>
  (await api.call('GET', '/api/users/me', { headers: { authorization: `Bearer ${accessToken}` } })).statusCode;

describe('refresh tokens', () => {
  test('each is good once, and leads on', async () => {
    await using api = await createTestApi();
    let tokens = await register(api);
    for (let i = 0; i < 3; i++) {
      await api.clock.advance(60_000);
      const answer = await refresh(api, tokens);
      expect(answer.statusCode).toBe(200);
      tokens = answer.json();
    }
    expect(await me(api, tokens)).toBe(200);
  });

  test('one whose answer was lost is taken once more, within 30 s', async () => {
    await using api = await createTestApi();
    const first = await register(api);
    const answers = await Promise.all([refresh(api, first), refresh(api, first)]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    await api.clock.advance(30_000);
    expect((await refresh(api, first)).statusCode).toBe(200);
  });

  test('C15: a copy that is used later ends the sessions of its device, and of no other', async () => {
    await using api = await createTestApi();
    await register(api);
    const [stolen, other] = [
      (await logIn(api, ana.password, 'phone')).json(),
      (await logIn(api, ana.password, 'web')).json(),
    ];
    const renewed = (await refresh(api, stolen)).json();
    await api.clock.advance(30_001);
    const answer = await refresh(api, stolen);
    expect([answer.statusCode, answer.json().error.code]).toEqual([401, 'token_invalid']);
    await api.clock.advance(2_000);
    expect((await refresh(api, renewed)).statusCode).toBe(401);
    expect([await me(api, renewed), await me(api, other)]).toEqual([401, 200]);
    expect((await refresh(api, other)).statusCode).toBe(200);
  });

  test('C15: a copy of tokens that name no device ends all sessions of the user', async () => {
    await using api = await createTestApi();
    const stolen = await register(api);
    const other: Tokens = (await logIn(api)).json();
    await refresh(api, stolen);
    await api.clock.advance(30_001);
    expect((await refresh(api, stolen)).statusCode).toBe(401);
    await api.clock.advance(2_000);
    expect([await me(api, other), (await refresh(api, other)).statusCode]).toEqual([401, 401]);
    expect((await logIn(api)).statusCode).toBe(200);
  });

  test('C16: log-ins whose tokens have ended are dropped', async () => {
    await using api = await createTestApi();
    await register(api);
    await api.clock.advance(7_200_000 + 1);
    await logIn(api);
    expect(await api.deps.logins.trim(api.clock.now(), 10)).toBe(0);
  });
});

describe('the machine’s clock', () => {
  /** The API with a wall clock that the test can set. */
  async function apiWithClock() {
    const wall = { offset: 0 };
    const api = await createTestApi(({ clock: steady }) => {
      const clock = { ...steady, now: () => steady.now() + wall.offset };
      const ttl = { accessTtlS: 3600, refreshTtlS: 7200 };
      return {
        clock,
        issuer: createTokenIssuer({ secret: SECRET, clock, ...ttl }),
        verifier: createTokenVerifier({ secret: SECRET, clock, clockToleranceS: 5 }),
      };
    });
    return { api, wall };
  }
  const bearer = ({ accessToken }: Tokens) => ({ headers: { authorization: `Bearer ${accessToken}` } });

  test('set back after a log-out everywhere: the right password is good at once, the old tokens never', async () => {
    const { api, wall } = await apiWithClock();
    await using _ = api;
    const old = await register(api, 'phone');
    await api.call('DELETE', '/api/devices', bearer(old));
    wall.offset = -20 * 60_000;
    const renewed = (await logIn(api, ana.password, 'phone')).json();
    expect([await me(api, renewed), (await refresh(api, renewed)).statusCode]).toEqual([200, 200]);
    for (let minutes = 0; minutes < 50; minutes += 10) {
      await api.clock.advance(10 * 60_000);
      expect(await me(api, old)).toBe(401);
    }
    expect((await refresh(api, old)).statusCode).toBe(401);
    expect(await me(api, (await logIn(api, ana.password, 'phone')).json())).toBe(200);
  });

  test('set back before a log-out everywhere: what was issued before the step ends too', async () => {
    const { api, wall } = await apiWithClock();
    await using _ = api;
    const old = await register(api, 'phone');
    wall.offset = -20 * 60_000;
    expect(await me(api, old)).toBe(200);
    await api.call('DELETE', '/api/devices', bearer(old));
    for (let minutes = 0; minutes < 50; minutes += 10) {
      await api.clock.advance(10 * 60_000);
      expect(await me(api, old)).toBe(401);
    }
    expect((await refresh(api, old)).statusCode).toBe(401);
  });

  test('tokens of the released version, without a generation, are judged by when they were issued', async () => {
    await using api = await createTestApi();
    await register(api);
    const issuer = createTokenIssuer({ secret: SECRET, clock: api.clock, accessTtlS: 3600, refreshTtlS: 7200 });
    const released = async (loginId: string) => {
      await api.deps.logins.begin({ userId: 'ana', loginId, step: 0, at: api.clock.now() });
      return await issuer.issue('ana', { deviceId: 'phone', login: { loginId, step: 0 } });
    };
    const [before, kept] = [await released('a'.repeat(32)), await released('b'.repeat(32))];
    expect([await me(api, before), (await refresh(api, kept)).statusCode]).toEqual([200, 200]);
    await api.clock.advance(1);
    await api.call('DELETE', '/api/devices', { as: 'ana' });
    const after = await released('c'.repeat(32));
    await api.clock.advance(2_000);
    expect([await me(api, before), await me(api, after)]).toEqual([401, 200]);
    expect((await refresh(api, kept)).statusCode).toBe(401);
    const renewed = (await refresh(api, after)).json();
    expect(await me(api, renewed)).toBe(200);
    // From here on the user has a token generation.
    await api.call('DELETE', '/api/devices', { as: 'ana' });
    expect((await refresh(api, renewed)).json().error?.code).toBe('token_invalid');
  });

  test('a token that is dated a day ahead does not survive a log-out', async () => {
    await using api = await createTestApi();
    await register(api);
    const late = { ...api.clock, now: () => api.clock.now() + 24 * 3600_000 };
    const ahead = await createTokenIssuer({ secret: SECRET, clock: late, accessTtlS: 3600, refreshTtlS: 7200 }).issue(
      'ana',
    );
    await api.call('DELETE', '/api/devices', { as: 'ana' });
    await api.clock.advance(2_000);
    expect(await me(api, ahead)).toBe(401);
  });
});

describe('the password', () => {
  const change = (api: TestApi, { accessToken }: Tokens, payload: object) =>
    api.call('PUT', '/api/users/me/password', { payload, headers: { authorization: `Bearer ${accessToken}` } });

  test('is changed by who knows it, and everybody else is logged out', async () => {
    const kicks: Delivery[] = [];
    await using api = await createTestApi({
      peers: {
        async deliver(_, deliveries) {
          kicks.push(...deliveries);
          return deliveries.map(() => 1);
        },
        async [Symbol.asyncDispose]() {},
      },
    });
    const tokens = await register(api);
    const other: Tokens = (await logIn(api)).json();
    const node = { nodeId: 'n1', wsUrl: '', peerAddress: 'n1', connections: 2, draining: false, startedAt: 1 };
    await api.deps.nodes.renew(node, 60_000);
    for (const deviceId of ['phone', 'thief']) {
      await api.deps.presence.register({
        userId: 'ana',
        deviceId,
        sessionId: deviceId,
        nodeId: 'n1',
        platform: 'web',
        since: api.clock.now(),
      });
    }
    await api.clock.advance(1);
    const payload = { password: ana.password, newPassword: 'battery staple', deviceId: 'phone' };
    const answer = await change(api, tokens, payload);
    expect(answer.statusCode).toBe(200);
    expect(kicks.map(({ onlySession }) => onlySession)).toEqual(['thief']);
    await api.clock.advance(2_000);
    expect([await me(api, tokens), await me(api, other), await me(api, answer.json())]).toEqual([401, 401, 200]);
    expect((await refresh(api, other)).statusCode).toBe(401);
    expect((await refresh(api, answer.json())).statusCode).toBe(200);
    expect([(await logIn(api)).statusCode, (await logIn(api, 'battery staple')).statusCode]).toEqual([401, 200]);
  });

  test('C15: is not changed by who only has a token, and guessing is slowed down', async () => {
    await using api = await createTestApi({}, { loginPerUser: { perSecond: 0.5, burst: 2 } });
    const tokens = await register(api);
    const payload = { password: 'a guess', newPassword: 'battery staple' };
    for (let i = 0; i < 2; i++) {
      const { statusCode, ...answer } = await change(api, tokens, payload);
      expect([statusCode, answer.json().error.code, answer.json().error.field]).toEqual([
        ...[401, 'credentials_wrong', 'password'],
      ]);
    }
    expect((await change(api, tokens, { ...payload, password: ana.password })).statusCode).toBe(429);
    await api.clock.advance(2_000);
    expect((await logIn(api)).statusCode).toBe(200);
    expect(await me(api, tokens)).toBe(200);
  });

  test('of two changes at the same time one holds', async () => {
    await using api = await createTestApi();
    const tokens = await register(api);
    const answers = await Promise.all(
      ['battery staple', 'staple battery'].map((newPassword) =>
        change(api, tokens, { password: ana.password, newPassword }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401]);
  });

  test('a token of the very millisecond of the change is good', async () => {
    await using api = await createTestApi();
    let tokens = await register(api);
    let password = ana.password;
    for (let i = 0; i < 25; i++) {
      await api.clock.advance(5_000 + i);
      const answer = await change(api, tokens, { password, newPassword: `another one ${i}` });
      expect(answer.statusCode).toBe(200);
      [tokens, password] = [answer.json(), `another one ${i}`];
      expect(await me(api, tokens)).toBe(200);
    }
  });
});
