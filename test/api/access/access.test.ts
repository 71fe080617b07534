import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApi } from '../fixture.ts';
import { callOf, type Expected, ROUTES, type RouteCase } from './routes.ts';
import { SERVER_ROUTES } from './server-routes.ts';
import { BAD_TOKENS, createWorld, PEOPLE, SECRETS, type World } from './world.ts';

let world: World;
const begin = async () => {
  world = await createWorld();
};
const end = () => world[Symbol.asyncDispose]();

const cases = Object.entries(ROUTES);
const behindToken = cases.filter(([, { open }]) => !open);

/** Sends the table's request with these headers; expects that it neither reveals nor changes ana's and bob's data. */
async function tryRoute(
  operation: string,
  { payload, headers, touches = [] }: RouteCase,
  expected: Expected,
  call: { as?: string; headers?: object },
) {
  const before = await world.stateOf(PEOPLE);
  const { method, url } = callOf(operation, world.ids);
  const answer = await world.api.call(method, url, {
    ...(payload && { payload }),
    ...call,
    headers: { ...headers, ...call.headers },
  });
  const [status, code] = expected;
  // An answer to HEAD has no body.
  const isTold = answer.statusCode >= 400 && answer.payload !== '';
  const told = isTold ? answer.json().error.code : undefined;
  const expectedCode = operation.startsWith('head ') ? undefined : code;
  expect([answer.statusCode, told], `${operation}: ${answer.payload}`).toEqual([status, expectedCode]);
  for (const secret of SECRETS) expect(answer.payload, operation).not.toContain(secret);
  const after = await world.stateOf(PEOPLE);
  for (const part of touches) after[part] = before[part] ?? '';
  expect(after, operation).toEqual(before);
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

test('C15: every route of the document has its line in the table, and no line is without a route', async () => {
  await using api = await createTestApi();
  const { paths } = api.app.swagger() as unknown as { paths: { [path: string]: object } };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect([...Object.keys(ROUTES), ...Object.keys(SERVER_ROUTES)].sort()).toEqual(operations.sort());
});

describe('C15: who is not let in learns nothing and changes nothing', () => {
  // Nothing changes, so all cases share one world.
  beforeAll(begin);
  afterAll(end);

  test.each(behindToken)('nobody: %s', (operation, entry) => tryRoute(operation, entry, [401, 'unauthorized'], {}));

  for (const [whose, code] of Object.entries(BAD_TOKENS) as [keyof typeof BAD_TOKENS, string][]) {
    test.each(behindToken)(`a token ${whose}: %s`, (operation, entry) =>
      tryRoute(operation, entry, [401, code], bearer(world.bad[whose].access)),
    );

    test(`a refresh token ${whose} refreshes nothing`, async () => {
      const payload = { refreshToken: world.bad[whose].refresh };
      const expected = whose === 'expired' ? 'token_expired' : code;
      await tryRoute('post /api/auth/refresh', { payload, stranger: [401] }, [401, expected], {});
    });
  }

  test.each(behindToken)('a refresh token in the place of an access token: %s', async (operation, entry) => {
    const { refreshToken } = (await logIn('eve')).json();
    await tryRoute(operation, entry, [401, 'token_invalid'], bearer(refreshToken));
  });

  test('an access token in the place of a refresh token', async () => {
    const payload = { refreshToken: (await logIn('eve')).json().accessToken };
    await tryRoute('post /api/auth/refresh', { payload, stranger: [401] }, [401, 'token_invalid'], {});
  });

  test('a disabled user has no use of the right password, and learns of it by that alone', async () => {
    const wrong = await world.api.call('POST', '/api/auth/login', { payload: { userId: 'zoe', password: 'a guess' } });
    expect(wrong.json().error.code).toBe('credentials_wrong');
    const right = await logIn('zoe');
    expect([right.statusCode, right.json().error.code]).toEqual([401, 'user_disabled']);
  });
});

describe('C15: who is let in sees and changes their own alone', () => {
  beforeEach(begin);
  afterEach(end);

  test.each(cases)('a stranger: %s', (operation, entry) =>
    tryRoute(operation, entry, entry.stranger, entry.open ? {} : { as: 'eve' }),
  );

  test.each(cases)('a blocked user: %s', (operation, entry) =>
    tryRoute(operation, entry, entry.blocked ?? entry.stranger, entry.open ? {} : { as: 'mallory' }),
  );

  test('neither sees when ana is there, nor finds who does not want to be found; a contact does see', async () => {
    for (const as of ['eve', 'mallory']) {
      const { online, lastSeenAt } = (await world.api.call('GET', '/api/users/ana', { as })).json();
      expect([online, lastSeenAt], as).toEqual([undefined, undefined]);
      expect((await world.api.call('GET', '/api/users?q=ana', { as })).json()).toEqual({ users: [] });
    }
    expect((await world.api.call('GET', '/api/users/ana', { as: 'bob' })).json().online).toBe(false);
  });

  test('the same routes give ana and bob what is theirs: the table asks for what is there', async () => {
    const { api, ids } = world;
    for (const operation of [
      'get /api/conversations/{conversationId}/messages',
      'get /api/messages/search',
      'get /api/messages/offline',
    ]) {
      const { method, url } = callOf(operation, ids);
      expect((await api.call(method, url, { as: 'bob' })).payload, operation).toContain('private words');
    }
    const { url } = callOf('get /api/messages/{messageId}/trace', ids);
    expect((await api.call('GET', url, { as: 'ana' })).statusCode).toBe(200);
    const files = 'get /api/conversations/{conversationId}/messages/{messageId}/attachments/{attachmentId}';
    for (const operation of [files, ...Object.keys(ROUTES).filter((one) => one.startsWith('get /api/moments'))]) {
      const { method, url } = callOf(operation, ids);
      expect((await api.call(method, url, { as: 'bob' })).statusCode, operation).toBe(200);
    }
  });
});

function logIn(userId: string) {
  return world.api.call('POST', '/api/auth/login', { payload: { userId, password: 'a password of mine' } });
}
