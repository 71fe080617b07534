import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from './fixture.ts';

const json = { 'content-type': 'application/json' };

describe('C15: requests that are not as they should be', () => {
  const post = (api: TestApi, payload: string | Buffer, headers: object = json) =>
    api.call('POST', '/api/auth/login', { payload, headers: { ...headers } });

  test.each([
    ['no JSON', '{"userId":', 400, 'invalid_json'],
    ['nothing', '', 400, 'invalid_request'],
    ['broken UTF-8', Buffer.from('{"userId":"\xff","password":"x"}', 'latin1'), 400, 'invalid_json'],
    ['a NUL between', '{"userId":"a"}\u0000', 400, 'invalid_json'],
    ['half a character', '{"userId":"ana","password":"\\ud83d"}', 400, 'invalid_request', 'password'],
    ['half a character as a key', '{"userId":"ana","\\ude00":"x"}', 400, 'invalid_request', '\ufffd'],
    ['half a character in a broken body', '{"password":"\\ud83d"', 400, 'invalid_json'],
    ['a number that no double holds', '{"userId":9007199254740993}', 400, 'invalid_request', 'userId'],
    ['a number without end', '{"a":{"b":1e400}}', 400, 'invalid_request', 'a.b'],
    ['null', 'null', 400, 'invalid_request'],
    ['a number', '1', 400, 'invalid_request'],
    ['deep nesting', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 400, 'invalid_request', '0.0'],
    [
      'deep nesting in a field',
      `{"userId":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`,
      400,
      'invalid_request',
      'userId.a',
    ],
    ['nests without end', '['.repeat(60_000), 400, 'invalid_json'],
    ['32,000 faults', JSON.stringify({ userId: Array(32_000).fill(0) }), 400, 'invalid_request', 'password'],
    [
      '6,500 unknown fields',
      JSON.stringify({
        userId: 'a',
        password: 'x',
        ...Object.fromEntries(Array.from({ length: 6_500 }, (_, n) => [n, 0])),
      }),
      400,
      'invalid_request',
      '0',
    ],
    ['the user .', '{"userId":".","password":"x"}', 400, 'invalid_request', 'userId'],
    ['the device ..', '{"userId":"a","password":"x","deviceId":".."}', 400, 'invalid_request', 'deviceId'],
    ['a NUL in an id', '{"userId":"a\\u0000","password":"x"}', 400, 'invalid_request'],
    ['a huge body', JSON.stringify({ userId: 'ana', password: 'x'.repeat(70_000) }), 413, 'content_too_large'],
  ])('%s', async (_, payload, status, code, field = undefined) => {
    await using api = await createTestApi();
    const answer = await post(api, payload);
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
    if (field !== undefined) expect(answer.json().error.field).toBe(field);
  });

  test.each([
    [{ userId: '.' }, 'userId'],
    [{ userId: '..' }, 'userId'],
    [{ displayName: '\u200b\u200d' }, 'displayName'],
    [{ displayName: '\u2800' }, 'displayName'],
    [{ displayName: 'ana\u202egnp.exe' }, 'displayName'],
    [{ displayName: 'ana\u0085' }, 'displayName'],
    [{ displayName: 'x'.repeat(65) }, 'displayName'],
    [{ deviceId: '..' }, 'deviceId'],
  ])('nobody registers as %j', async (fields, field) => {
    await using api = await createTestApi();
    const payload = JSON.stringify({ userId: 'ana', password: 'correct horse', ...fields });
    const answer = await api.call('POST', '/api/auth/register', { payload, headers: { ...json } });
    const { code, field: told } = answer.json().error;
    expect([answer.statusCode, code, told]).toEqual([400, 'invalid_request', field]);
    expect(await api.deps.users.get('ana')).toBeNull();
  });

  test('a name that could not be taken today is still shown', async () => {
    await using api = await createTestApi();
    const at = { passwordHash: 'x', createdAt: 1 };
    await api.deps.users.create({ userId: 'old', displayName: '\u200b', ...at });
    expect((await api.call('GET', '/api/users/me', { as: 'old' })).json().displayName).toBe('\u200b');
  });

  test.each([
    ['gzip', gzipSync('{"userId":"ana","password":"x"}')],
    ['GZIP, br', 'x'],
    ['br', '{}'],
    ['nonsense', '{}'],
  ])('a body with Content-Encoding %s: 415, and it is not looked at', async (encoding, payload) => {
    await using api = await createTestApi();
    const answer = await post(api, payload, { ...json, 'content-encoding': encoding });
    const { code, message } = answer.json().error;
    expect([answer.statusCode, code]).toEqual([415, 'invalid_request']);
    expect(message).toContain('Content-Encoding');
    expect((await post(api, '{', { ...json, 'content-encoding': 'identity' })).json().error).toMatchObject({
      ...{ code: 'invalid_json', message: 'the body is not one JSON text in UTF-8' },
    });
  });

  test.each([
    ['latin1', 415],
    ['"ISO-8859-1"', 415],
    ['utf-16', 415],
    ['utf-8; charset=latin1', 415],
    ['utf-8', 401],
    ['"UTF-8"', 401],
  ])('a body in the charset %s: %i', async (charset, status) => {
    await using api = await createTestApi();
    const payload = '{"userId":"ana","password":"correct horse"}';
    const answer = await post(api, payload, { 'content-type': `application/json; charset=${charset}` });
    expect(answer.statusCode).toBe(status);
    if (status === 415) expect(answer.json().error).toMatchObject({ code: 'invalid_request', retry: 'never' });
  });

  test.each(['application/octet-stream', 'text/plain; charset=latin1', 'application/json', 'nonsense'])(
    'no body, of the type %s: the type does not matter',
    async (type) => {
      await using api = await createTestApi();
      for (const length of [{ 'content-length': '0' }, {}]) {
        const headers = { 'content-type': type, ...length };
        expect((await api.call('PUT', '/api/blocks/bob', { as: 'ana', headers })).statusCode).toBe(204);
        expect((await api.call('POST', '/api/auth/login', { headers })).statusCode).toBe(400);
      }
    },
  );

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'nonsense',
  ])('a body that claims to be %s', async (type) => {
    await using api = await createTestApi();
    const answer = await post(api, '{}', { 'content-type': type });
    expect([answer.statusCode, answer.json().error.code]).toEqual([415, 'invalid_request']);
    expect(answer.json().error.message).toMatch(/: send it with content-type: application\/json$/);
  });

  test.each([
    ['/api/messages/search?q=%ff', 400],
    ['/api/messages/search?q=%', 400],
    ['/api/users/%', 400],
    ['/api/users/%ff', 400],
    ['/api/users/%00', 400],
    ['/api/users/a%2Fb', 400],
    [`/api/users/${'x'.repeat(65)}`, 400],
    [`/api/users/${'x'.repeat(5_000)}`, 404],
    ['/api/conversations/ana/messages', 403],
    ['/api/conversations/ana~/messages', 400],
    ['/api/messages/ABCDEF/trace', 400],
    ['/api/users', 400],
    ['/api/users?q=%00', 400],
    ['/api/contacts?cursor=a~b', 400],
    ['/api/contacts?state=friend', 400],
    ['//api//users/me', 404],
    ['/api/users/me/', 404],
  ])('GET %s is %i', async (url, status) => {
    await using api = await createTestApi();
    const answer = await api.call('GET', url, { as: 'ana' });
    expect([answer.statusCode, answer.json().error.retry]).toEqual([status, 'never']);
  });

  test('a method that an address does not have: 405 and those that it has, whatever the body', async () => {
    await using api = await createTestApi();
    for (const [method, url, allow] of [
      ['GET', '/api/auth/login', 'POST'],
      ['PUT', '/api/conversations', 'GET, HEAD'],
      ['DELETE', '/api/users/ana', 'GET, HEAD'],
      ['POST', '/api/conversations/ana~bob/messages', 'GET, HEAD'],
      ['PATCH', '/healthz', 'GET, HEAD'],
      ['QUERY', '/api/nodes', 'GET, HEAD'],
    ] as const) {
      const headers = { 'content-type': 'text/x-strange' };
      const answer = await api.call(method, url, method === 'GET' ? {} : { payload: '{', headers });
      expect([answer.statusCode, answer.headers.allow, answer.json().error.code], url).toEqual([
        405,
        allow,
        'invalid_request',
      ]);
    }
  });

  test('bytes that are no HTTP, and headers without end, get an answer and leave the server well', async () => {
    await using api = await createTestApi();
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = api.app.server.address() as AddressInfo;
    const say = async (bytes: string) => {
      const socket = connect(port, '127.0.0.1');
      socket.write(bytes);
      return await text(socket);
    };
    for (const [bytes, status] of [
      ['\u0000\u0001 hello\r\n\r\n', 400],
      ['GET / HTTP/9.9\r\n\r\n', 400],
      ['GET /a b HTTP/1.1\r\nHost: x\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`, 431],
    ] as const) {
      const answer = await say(bytes);
      expect(answer.split('\r\n')[0]).toContain(` ${status} `);
      expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '').error.code).toBe('invalid_request');
    }
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  });
});
