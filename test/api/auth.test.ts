import { createTokenIssuer } from '@chasqui/tokens';
import { describe, expect, test } from 'vitest';
import { createTestApi, SECRET } from './fixture.ts';

const ana = { userId: 'ana', password: 'correct horse', displayName: 'Ana' };

describe('register, log in, refresh', () => {
  test('a registered user logs in, and both tokens work for what they are for', async () => {
    await using api = await createTestApi();
    const registered = await api.call('POST', '/api/auth/register', { payload: ana });
    expect(registered.statusCode).toBe(201);
    expect(registered.json()).toMatchObject({ userId: 'ana', expiresInS: 3600 });

    const loggedIn = await api.call('POST', '/api/auth/login', { payload: { userId: 'ana', password: ana.password } });
    const { accessToken, refreshToken } = loggedIn.json();
    const me = await api.call('GET', '/api/users/me', { headers: { authorization: `Bearer ${accessToken}` } });
    expect(me.json()).toMatchObject({ userId: 'ana', displayName: 'Ana' });

    const refreshed = await api.call('POST', '/api/auth/refresh', { payload: { refreshToken } });
    expect(refreshed.statusCode).toBe(200);
    const again = { authorization: `bearer ${refreshed.json().accessToken}` };
    expect((await api.call('GET', '/api/users/me', { headers: again })).statusCode).toBe(200);
  });

  test('C15: a refresh token opens nothing, and an access token refreshes nothing', async () => {
    await using api = await createTestApi();
    const { accessToken, refreshToken } = (await api.call('POST', '/api/auth/register', { payload: ana })).json();
    const wrong = await api.call('GET', '/api/users/me', { headers: { authorization: `Bearer ${refreshToken}` } });
    expect([wrong.statusCode, wrong.json().error.code]).toEqual([401, 'token_invalid']);
    const refreshed = await api.call('POST', '/api/auth/refresh', { payload: { refreshToken: accessToken } });
    expect([refreshed.statusCode, refreshed.json().error.code]).toEqual([401, 'token_invalid']);
  });

  test('a refresh token of a user who is gone is worth nothing', async () => {
    await using api = await createTestApi();
    const issuer = createTokenIssuer({ secret: SECRET, clock: api.clock, accessTtlS: 60, refreshTtlS: 60 });
    const { refreshToken } = await issuer.issue('nobody');
    const refreshed = await api.call('POST', '/api/auth/refresh', { payload: { refreshToken } });
    expect([refreshed.statusCode, refreshed.json().error.code]).toEqual([401, 'token_invalid']);
  });

  test('an id is taken once, whatever the race, and the first password stands', async () => {
    await using api = await createTestApi();
    const tries = Array.from({ length: 5 }, (_, i) =>
      api.call('POST', '/api/auth/register', { payload: { userId: 'ana', password: `password ${i}` } }),
    );
    const answers = await Promise.all(tries);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409, 409, 409, 409]);
    expect(answers.find(({ statusCode }) => statusCode === 409)?.json().error).toMatchObject({
      code: 'user_exists',
      field: 'userId',
      retry: 'never',
    });
    const winner = answers.findIndex(({ statusCode }) => statusCode === 201);
    for (let i = 0; i < 5; i++) {
      const payload = { userId: 'ana', password: `password ${i}` };
      const { statusCode } = await api.call('POST', '/api/auth/login', { payload });
      expect(statusCode).toBe(i === winner ? 200 : 401);
    }
  });

  test('nobody can be called me, which is whoever asks', async () => {
    await using api = await createTestApi();
    const answer = await api.call('POST', '/api/auth/register', { payload: { ...ana, userId: 'me' } });
    expect(answer.json().error.code).toBe('user_exists');
  });

  test('a wrong password and an unknown user get the same answer', async () => {
    await using api = await createTestApi();
    await api.call('POST', '/api/auth/register', { payload: ana });
    const answers = await Promise.all(
      ['ana', 'bob'].map((userId) =>
        api.call('POST', '/api/auth/login', { payload: { userId, password: 'wrong one' } }),
      ),
    );
    for (const answer of answers) expect(answer.statusCode).toBe(401);
    expect(answers[0]?.payload).toBe(answers[1]?.payload);
    expect(answers[0]?.json().error.code).toBe('credentials_wrong');
  });

  test.each([
    ['a missing password', { userId: 'ana' }, 'password'],
    ['a short password', { userId: 'ana', password: 'short' }, 'password'],
    ['a password that is no text', { userId: 'ana', password: 12345678 }, 'password'],
    ['a user id with a space', { userId: 'ana b', password: 'long enough' }, 'userId'],
    ['a field that is not known', { ...ana, role: 'admin' }, 'role'],
    ['a field of the prototype', JSON.parse('{"userId":"ana","password":"long enough","__proto__":{}}'), '__proto__'],
    ['a display name with a NUL', { ...ana, displayName: 'A\u0000' }, 'displayName'],
    ['no object', [], ''],
  ])('C15: %s is refused by name', async (_, payload, field) => {
    await using api = await createTestApi();
    const headers = { 'content-type': 'application/json' };
    const answer = await api.call('POST', '/api/auth/register', { payload: JSON.stringify(payload), headers });
    expect([answer.statusCode, answer.json().error]).toMatchObject([400, { code: 'invalid_request', field }]);
    expect(await api.deps.users.get('ana')).toBeNull();
  });

  test('where the host application issues tokens there is no log-in, and its tokens work', async () => {
    await using hosted = await createTestApi({ issuer: undefined });
    for (const [route, payload] of [
      ['register', ana],
      ['login', { userId: 'ana', password: 'x' }],
      ['refresh', { refreshToken: 'x' }],
    ] as const) {
      const answer = await hosted.call('POST', `/api/auth/${route}`, { payload });
      expect([answer.statusCode, answer.json().error.code]).toEqual([403, 'registration_disabled']);
    }
    await using own = await createTestApi();
    const ways = async (api: typeof own) => (await api.call('GET', '/api/auth')).json();
    expect([await ways(hosted), await ways(own)]).toEqual([{ passwords: false }, { passwords: true }]);
    expect((await hosted.call('GET', '/api/users/me', { as: 'guest:7' })).json()).toMatchObject({
      userId: 'guest:7',
      displayName: 'guest:7',
    });
  });
});

describe('throttling', () => {
  test('C15: guessing a password is slowed down per user, with the time to wait', async () => {
    await using api = await createTestApi({}, { loginPerUser: { perSecond: 0.5, burst: 3 } });
    await api.call('POST', '/api/auth/register', { payload: ana });
    const guess = (userId: string) => api.call('POST', '/api/auth/login', { payload: { userId, password: 'guess' } });
    for (let i = 0; i < 3; i++) expect((await guess('ana')).statusCode).toBe(401);
    const slowed = await guess('ana');
    expect(slowed.statusCode).toBe(429);
    expect(slowed.json().error).toMatchObject({ code: 'too_fast', retry: 'backoff', retryAfterMs: 2_000 });
    expect(slowed.headers['retry-after']).toBe('2');
    expect((await guess('bob')).statusCode).toBe(401);
    await api.clock.advance(2_000);
    const payload = { userId: 'ana', password: ana.password };
    expect((await api.call('POST', '/api/auth/login', { payload })).statusCode).toBe(200);
  });

  test('C15: one address cannot try user after user, nor register without end', async () => {
    await using api = await createTestApi({}, { authPerAddress: { perSecond: 1, burst: 4 } });
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) {
      const payload = { userId: `u${i}`, password: 'long enough' };
      const route = i % 2 === 0 ? 'register' : 'login';
      statuses.push((await api.call('POST', `/api/auth/${route}`, { payload, remoteAddress: '10.0.0.1' })).statusCode);
    }
    expect(statuses).toEqual([201, 401, 201, 401, 429, 429]);
    const payload = { userId: 'u9', password: 'long enough' };
    const elsewhere = await api.call('POST', '/api/auth/register', { payload, remoteAddress: '10.0.0.2' });
    expect(elsewhere.statusCode).toBe(201);
  });

  test('C15: nobody gets another share by saying that they are called from elsewhere, or by all of an IPv6 network', async () => {
    await using api = await createTestApi({}, { authPerAddress: { perSecond: 0.001, burst: 2 }, proxies: 1 });
    const guess = async (forwarded: string) => {
      const payload = { userId: 'ana', password: 'guess' };
      return (await api.call('POST', '/api/auth/login', { payload, headers: { 'x-forwarded-for': forwarded } }))
        .statusCode;
    };
    expect([await guess('6.6.6.1, 10.0.0.1'), await guess('6.6.6.2, 10.0.0.1')]).toEqual([401, 401]);
    expect([await guess('6.6.6.3, 10.0.0.1'), await guess('10.0.0.2')]).toEqual([429, 401]);
    expect([await guess('2001:db8::1'), await guess('2001:db8::2'), await guess('2001:db8::3')]).toEqual([
      401, 401, 429,
    ]);
  });

  test('without the shared rate limits users still log in', async () => {
    await using api = await createTestApi(({ rateLimits }) => ({
      rateLimits: { ...rateLimits, take: () => Promise.reject(new Error('away')) },
    }));
    expect((await api.call('POST', '/api/auth/register', { payload: ana })).statusCode).toBe(201);
  });
});

describe('access tokens', () => {
  test.each([
    ['none', {}, 'unauthorized'],
    ['another scheme', { authorization: 'Basic YW5hOng=' }, 'unauthorized'],
    ['an empty one', { authorization: 'Bearer ' }, 'unauthorized'],
    ['no token', { authorization: 'Bearer abc' }, 'token_invalid'],
  ])('C15: every route but the open ones refuses %s before it reads the request', async (_, headers, code) => {
    await using api = await createTestApi();
    for (const url of [
      ...[
        '/api/conversations',
        '/api/conversations/x/messages',
        '/api/messages/search',
        '/api/messages/offline?limit=x',
      ],
      ...['/api/messages/unread-count', '/api/messages/x/trace', '/api/users/me', '/api/users/ana'],
      ...['/api/users', '/api/contacts', '/api/blocks', '/api/devices'],
    ]) {
      const answer = await api.call('GET', url, { headers });
      expect([answer.statusCode, answer.json().error.code], url).toEqual([401, code]);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  test('an expired one says so', async () => {
    await using api = await createTestApi();
    const headers = { authorization: `Bearer ${await api.tokenOf('ana')}` };
    expect((await api.call('GET', '/api/users/me', { headers })).statusCode).toBe(200);
    await api.clock.advance(3_606_000);
    const answer = await api.call('GET', '/api/users/me', { headers });
    expect([answer.statusCode, answer.json().error.code]).toEqual([401, 'token_expired']);
  });
});
