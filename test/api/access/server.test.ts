import { expect, test } from 'vitest';
import { createTestApi } from '../fixture.ts';
import { ALL_SCOPES, makeKey, withKey } from './api-keys.ts';
import { SERVER_ROUTES, serverCallOf } from './server-routes.ts';
import { createWorld } from './world.ts';

/** A credential, and what every route answers to it. */
const REFUSED = {
  'no key': [401, 'unauthorized'],
  'a user token': [401, 'api_key_invalid'],
  "an administrator's token": [401, 'api_key_invalid'],
  'a wrong secret': [401, 'api_key_invalid'],
  'an unknown key': [401, 'api_key_invalid'],
  'an expired key': [401, 'api_key_expired'],
  'a revoked key': [401, 'api_key_invalid'],
  'a former secret after its time': [401, 'api_key_invalid'],
} as const;

test('C15: no route of the server API opens without a right key with its scope, and nothing changes', {
  timeout: 120_000,
}, async () => {
  await using world = await createWorld();
  const { api } = world;
  const right = await makeKey(api);
  const [spoiled, former] = [await makeKey(api), await makeKey(api)];
  const idOf = (key: string) => key.split('_')[1] ?? '';
  await api.deps.apiKeys.rotate({ keyId: idOf(former), secretHash: 'f'.repeat(64), formerUntil: api.clock.now() });
  const credentials: { [who in keyof typeof REFUSED]: string } = {
    'no key': '',
    'a user token': await api.tokenOf('ana'),
    "an administrator's token": await api.tokenOf('root'),
    'a wrong secret': `${spoiled.slice(0, -1)}${spoiled.endsWith('A') ? 'E' : 'A'}`,
    'an unknown key': right.replace(idOf(right), '0123456789abcdef'),
    'an expired key': await makeKey(api, { expiresAt: api.clock.now() }),
    'a revoked key': await makeKey(api, { revokedAt: 1 }),
    'a former secret after its time': former,
  };
  const before = await world.stateOf();
  for (const [operation, { scope, payload, headers }] of Object.entries(SERVER_ROUTES)) {
    const { method, url } = serverCallOf(operation);
    const isHead = operation.startsWith('head ');
    const call = (key: string) =>
      api.app.inject({
        ...{ method, url, ...(payload && { payload }) },
        headers: { ...headers, ...(key === '' ? {} : withKey(key).headers) },
      });
    for (const [who, expected] of Object.entries(REFUSED) as [keyof typeof REFUSED, readonly [number, string]][]) {
      const answer = await call(credentials[who]);
      const [status, code] = expected;
      expect([answer.statusCode, refusalIn(answer)?.code], `${operation} with ${who}`).toEqual([
        status,
        isHead ? undefined : code,
      ]);
    }
    if (scope === null) continue;
    const answer = await call(await makeKey(api, { scopes: ALL_SCOPES.filter((one) => one !== scope) }));
    const told = isHead ? undefined : { code: 'scope_missing', field: scope };
    expect(answer.statusCode, operation).toBe(403);
    if (told !== undefined) expect(refusalIn(answer), operation).toMatchObject(told);
  }
  expect(await world.stateOf()).toEqual(before);
});

/** An answer to HEAD has no body. */
function refusalIn(answer: { payload: string; json(): { error?: { code: string; field?: string } } }) {
  return answer.payload === '' ? undefined : answer.json().error;
}

test('a key with just the scope of a route may call it', { timeout: 120_000 }, async () => {
  await using world = await createWorld();
  for (const [operation, { scope, payload, headers, status }] of Object.entries(SERVER_ROUTES)) {
    const { method, url } = serverCallOf(operation);
    const key = await makeKey(world.api, { scopes: scope === null ? [] : [scope] });
    const call = { ...(payload && { payload }), headers: { ...headers, ...withKey(key).headers } };
    const answer = await world.api.call(method, url, call);
    expect(answer.statusCode, `${operation}: ${answer.payload}`).toBe(status);
  }
});

test('a key opens no route of users', async () => {
  await using world = await createWorld();
  for (const url of ['/api/users/me', '/api/conversations', '/api/admin/audit']) {
    const answer = await world.api.call('GET', url, withKey(await makeKey(world.api)));
    expect([answer.statusCode, answer.json().error.code], url).toEqual([401, 'token_invalid']);
  }
});

test('a revocation holds at the next call; a rotation leaves the former secret until its time', async () => {
  await using api = await createTestApi();
  const key = await makeKey(api);
  const keyId = key.split('_')[1] ?? '';
  const status = async () => (await api.call('GET', '/api/server/key', withKey(key))).statusCode;
  expect(await status()).toBe(200);
  const formerUntil = api.clock.now() + 10_000;
  await api.deps.apiKeys.rotate({ keyId, secretHash: 'f'.repeat(64), formerUntil });
  expect(await status()).toBe(200);
  await api.clock.advance(10_000);
  expect(await status()).toBe(401);
  const other = await makeKey(api);
  await api.deps.apiKeys.revoke(other.split('_')[1] ?? '', 1);
  expect((await api.call('GET', '/api/server/key', withKey(other))).statusCode).toBe(401);
});

test('C16: a key has its own rate; wrong keys use up the budget of their address for log-ins', async () => {
  await using api = await createTestApi({}, { authPerAddress: { perSecond: 0.001, burst: 3 } });
  const key = await makeKey(api, { perSecond: 2 });
  const call = (text: string) => api.app.inject({ url: '/api/server/key', ...withKey(text) });
  const answers = await Promise.all(Array.from({ length: 101 }, () => call(key)));
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(100);
  const refused = await api.call('GET', '/api/server/key', withKey(key));
  expect([refused.statusCode, refused.json().error.code, refused.headers['retry-after']]).toEqual([
    429,
    'too_fast',
    '1',
  ]);
  const wrong = `ck_${'0'.repeat(16)}_${'A'.repeat(43)}`;
  for (let i = 0; i < 3; i++) expect((await call(wrong)).statusCode).toBe(401);
  expect((await call(wrong)).json().error.code).toBe('too_fast');
  const login = await api.call('POST', '/api/auth/login', { payload: { userId: 'ana', password: 'long enough' } });
  expect(login.statusCode).toBe(429);
  expect((await call(await makeKey(api))).statusCode).toBe(200);
});

test('the last use of a key is noted, once a minute', async () => {
  await using api = await createTestApi();
  const now = api.clock.now();
  for (const [lastUsedAt, noted] of [
    [0, now],
    [now - 59_999, now - 59_999],
    [now - 60_000, now],
  ]) {
    const key = await makeKey(api, { lastUsedAt: lastUsedAt ?? 0 });
    await api.app.inject({ url: '/api/server/key', ...withKey(key) });
    expect(await api.deps.apiKeys.get(key.split('_')[1] ?? '')).toMatchObject({ lastUsedAt: noted });
  }
});
