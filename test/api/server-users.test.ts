import { expect, test } from 'vitest';
import { makeKey, withKey } from './access/api-keys.ts';
import { createTestApi } from './fixture.ts';

async function serverOf(api: Awaited<ReturnType<typeof createTestApi>>) {
  const key = await makeKey(api);
  return async (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, payload?: object) => {
    const answer = await api.call(method, `/api/server${path}`, { ...(payload && { payload }), ...withKey(key) });
    return { status: answer.statusCode, body: answer.payload === '' ? null : answer.json() };
  };
}

test('users are created with and without a password, changed, listed and read', { timeout: 60_000 }, async () => {
  await using api = await createTestApi();
  const call = await serverOf(api);
  const bot = { userId: 'shop', displayName: 'Shop', avatar: 'https://shop.example/a.png', bot: true };
  expect(await call('POST', '/users', bot)).toEqual({ status: 201, body: { ...bot, locale: '' } });
  expect(await call('POST', '/users', bot)).toMatchObject({ status: 409, body: { error: { code: 'user_exists' } } });
  const ana = { userId: 'ana', password: 'correct horse' };
  expect(await call('POST', '/users', ana)).toMatchObject({
    status: 201,
    body: { registeredAt: api.clock.now(), bot: false },
  });
  expect((await api.call('POST', '/api/auth/login', { payload: ana })).statusCode).toBe(200);
  expect(await call('PATCH', '/users/ana', { displayName: 'Ana', bot: true })).toMatchObject({
    status: 200,
    body: { displayName: 'Ana', bot: true },
  });
  expect(await call('PATCH', '/users/ana', { bot: false })).toMatchObject({ body: { displayName: 'Ana', bot: false } });
  expect(await call('PATCH', '/users/nobody', { bot: false })).toMatchObject({ status: 404 });
  expect((await api.call('GET', '/api/users/shop', { as: 'ana' })).json()).toMatchObject({ bot: true });
  const first = await call('GET', '/users?limit=1');
  expect(first.body).toMatchObject({ users: [{ userId: 'ana' }], nextAfter: 'ana' });
  expect((await call('GET', '/users?limit=1&after=ana')).body).toMatchObject({ users: [{ userId: 'shop' }] });
  for (const userId of ['system', 'me']) {
    expect(await call('POST', '/users', { userId })).toMatchObject({
      status: 422,
      body: { error: { field: 'userId' } },
    });
  }
});

test('of a batch each user has an outcome, and a repeat changes nothing', { timeout: 60_000 }, async () => {
  await using api = await createTestApi();
  const call = await serverOf(api);
  const users = [{ userId: 'cat', displayName: 'Cat' }, { userId: 'system' }, { userId: 'dan', bot: true }];
  const outcomes = async () => (await call('POST', '/users/batch', { users })).body.outcomes;
  const failed = {
    userId: 'system',
    result: 'failed',
    error: { code: 'content_invalid', message: expect.any(String), field: 'userId' },
  };
  expect(await outcomes()).toEqual([
    { userId: 'cat', result: 'created' },
    failed,
    { userId: 'dan', result: 'created' },
  ]);
  expect(await outcomes()).toEqual([
    { userId: 'cat', result: 'changed' },
    failed,
    { userId: 'dan', result: 'changed' },
  ]);
  expect((await call('GET', '/users')).body.users).toMatchObject([
    { userId: 'cat', displayName: 'Cat' },
    { userId: 'dan', bot: true },
  ]);
});

test('a batch that names a user twice changes them in its order, among a hundred', { timeout: 60_000 }, async () => {
  await using api = await createTestApi();
  const call = await serverOf(api);
  const others = Array.from({ length: 97 }, (_, n) => ({ userId: `user-${n}` }));
  const [first, ...later] = ['One', 'Two', 'Three'].map((displayName) => ({ userId: 'cat', displayName }));
  const users = [first, ...others, ...later];
  const { outcomes } = (await call('POST', '/users/batch', { users })).body;
  expect(outcomes).toEqual([
    ...[first, ...others].map((user) => ({ userId: user?.userId, result: 'created' })),
    ...later.map(({ userId }) => ({ userId, result: 'changed' })),
  ]);
  expect((await call('GET', '/users/cat')).body).toMatchObject({ displayName: 'Three' });
});

test('a user is disabled, enabled and logged out; every change is in the audit log with the key', {
  timeout: 60_000,
}, async () => {
  await using api = await createTestApi();
  const call = await serverOf(api);
  await call('POST', '/users', { userId: 'ana' });
  const token = await api.tokenOf('ana');
  const me = async () =>
    (
      await api.app.inject({
        method: 'PATCH',
        url: '/api/users/me',
        payload: { locale: 'de' },
        headers: { authorization: `Bearer ${token}` },
      })
    ).statusCode;
  expect(await me()).toBe(200);
  expect((await call('PUT', '/users/ana/disabled')).status).toBe(204);
  expect((await call('GET', '/users/ana')).body).toMatchObject({ disabledAt: api.clock.now() });
  expect(await me()).toBe(401);
  expect((await call('DELETE', '/users/ana/disabled')).status).toBe(204);
  expect((await call('GET', '/users/ana')).body.disabledAt).toBeUndefined();
  expect((await call('DELETE', '/users/ana/sessions')).status).toBe(204);
  const entries = await api.deps.auditLog.page({ limit: 20 });
  const [key] = await api.deps.apiKeys.list();
  expect(new Set(entries.map(({ actor }) => actor))).toEqual(new Set([`key:${key?.keyId}`]));
  expect(entries.map(({ action, outcome }) => `${action} ${outcome}`).sort()).toEqual(
    ['create_user', 'disable_user', 'enable_user', 'end_sessions'].flatMap((one) => [`${one} begun`, `${one} done`]),
  );
});

test('a disabled user is seen to be so, also without a profile; an erased one is not there', async () => {
  await using api = await createTestApi();
  const call = await serverOf(api);
  expect((await call('GET', '/users/guest')).status).toBe(404);
  await call('PUT', '/users/guest/disabled');
  const disabledAt = api.clock.now();
  expect((await call('GET', '/users/guest')).body).toMatchObject({ userId: 'guest', displayName: 'guest', disabledAt });
  await call('DELETE', '/users/guest/disabled');
  expect((await call('GET', '/users/guest')).status).toBe(404);
  await call('PUT', '/users/guest/disabled');
  const asked = { erasesMessages: false, askedBy: 'cli:test', requestedAt: 1 };
  await api.deps.erasures.begin({ userId: 'guest', ...asked });
  expect((await call('GET', '/users/guest')).status).toBe(404);
});

test('whose erasure was asked for is locked out by the answer, and nothing of them is made anew', async () => {
  await using api = await createTestApi();
  const call = await serverOf(api);
  await call('POST', '/users/batch', { users: [{ userId: 'eve', displayName: 'Eve' }] });
  expect(await call('PUT', '/users/eve/erasure', { messages: 'keep' })).toMatchObject({
    status: 202,
    body: { state: 'running' },
  });
  expect(await api.deps.revocations.disabled(['eve'])).toEqual([api.clock.now()]);
  expect((await api.call('GET', '/api/users/me', { as: 'eve' })).statusCode).toBe(401);
  const { outcomes } = (await call('POST', '/users/batch', { users: [{ userId: 'eve', displayName: 'Back' }] })).body;
  expect(outcomes).toMatchObject([{ result: 'failed', error: { code: 'user_erased' } }]);
  for (const [method, body] of [['PATCH', { displayName: 'Back' }] as const, ['GET'] as const]) {
    expect(await call(method, '/users/eve', body), method).toMatchObject({ status: 404 });
  }
  expect(await api.deps.profiles.get(['eve'])).toMatchObject([{ displayName: 'Eve' }]);
});

test('a mistyped id is not used up by an erasure; of whom anything is here is erased, also without a profile', async () => {
  await using api = await createTestApi();
  const call = await serverOf(api);
  await api.store('tokenonly', 'friend', 'Hello');
  await api.deps.devices.seen([{ userId: 'lurker', deviceId: 'web', platform: 'web', at: 1 }]);
  await call('PUT', '/users/banned/disabled');
  const ask = (userId: string, fields: object = {}) =>
    call('PUT', `/users/${userId}/erasure`, { messages: 'keep', ...fields });
  expect(await ask('typo')).toMatchObject({ status: 404, body: { error: { code: 'not_found', field: 'userId' } } });
  expect(await ask('typo', { unknownToo: false })).toMatchObject({ status: 404 });
  expect(await api.deps.erasures.get(['typo'])).toEqual([null]);
  expect(await api.deps.revocations.disabled(['typo'])).toEqual([null]);
  for (const userId of ['tokenonly', 'friend', 'lurker', 'banned']) {
    expect(await ask(userId), userId).toMatchObject({ status: 202, body: { userId } });
  }
  expect(await ask('nobody', { unknownToo: true })).toMatchObject({ status: 202 });
  // A repeat needs no more than the first call left.
  expect(await ask('nobody')).toMatchObject({ status: 202 });
});
