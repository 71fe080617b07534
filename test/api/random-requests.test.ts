import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTestApi } from './fixture.ts';

const text_ = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    'ana',
    'bob',
    'ana~bob',
    'bob~cat',
    'me',
    '0'.repeat(24),
    'f'.repeat(24),
    '\u0000',
    '__proto__',
    'constructor',
  ),
  fc.integer().map(String),
);
const segment = fc.oneof(
  text_.filter((s) => s.isWellFormed()).map(encodeURIComponent),
  fc.string({ unit: 'grapheme-ascii' }),
);
const url = fc.oneof(
  fc.constantFrom(
    '/api/conversations',
    '/api/messages/search',
    '/api/messages/offline',
    '/api/messages/unread-count',
    '/api/users/me',
    '/api/users',
    '/api/contacts',
    '/api/blocks',
    '/api/devices',
  ),
  fc.constantFrom('/api/auth/login', '/api/auth/register', '/api/auth/refresh', '/api/nodes', '/readyz', '/metrics'),
  segment.map((id) => `/api/conversations/${id}/messages`),
  segment.map((id) => `/api/messages/${id}/trace`),
  segment.map((id) => `/api/users/${id}`),
  segment.map((id) => `/api/contacts/${id}`),
  segment.map((id) => `/api/contacts/${id}/accept`),
  segment.map((id) => `/api/blocks/${id}`),
  segment.map((id) => `/api/devices/${id}`),
  segment.map((id) => `/api/devices/${id}/push-token`),
  // A path that begins with two slashes (or backslashes) would name another host, which an injected request cannot do.
  segment.map((path) => `/${path}`).filter((path) => !/^\/[/\\]/.test(path)),
);
const names = fc.constantFrom(
  'q',
  'limit',
  'before',
  'cursor',
  'position',
  'epoch',
  'deviceId',
  'conversationId',
  'state',
  'x',
);
const query = fc.oneof(
  fc
    .array(fc.tuple(names, segment), { maxLength: 4 })
    .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&')),
  fc.string({ unit: 'grapheme-ascii' }),
);
const fields = fc.constantFrom(
  ...['userId', 'password', 'displayName', 'refreshToken', '__proto__', 'x'],
  ...['avatar', 'locale', 'notifications', 'privacy', 'provider', 'token', 'language'],
);
const body = fc.oneof(
  fc
    .dictionary(fields, fc.oneof(text_, fc.jsonValue({ maxDepth: 1 })), { maxKeys: 4 })
    .map((value) => JSON.stringify(value)),
  fc.json(),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  text_,
);
const type = fc.constantFrom(
  'application/json',
  'application/json; charset=latin1',
  'application/json;',
  'text/plain',
  '',
  ';',
);
const authorization = fc.oneof(
  fc.constant('ana'),
  fc.constant(undefined),
  fc.string({ unit: 'grapheme-ascii' }).map((t) => `Bearer ${t}`),
);

test('C15: whatever is asked, the answer is a documented one and never a 5xx', async () => {
  await using api = await createTestApi({}, { authPerAddress: { perSecond: 1e6, burst: 1e6 } });
  await api.store('bob', 'ana', '明天见 hello');
  await api.store('bob', 'cat', 'private words');
  const method = fc.constantFrom('GET', 'GET', 'GET', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD');
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(method, url, query, body, type, authorization, async (method, path, query, payload, type, as) => {
      const headers = { 'content-type': type, ...(as === undefined || as === 'ana' ? {} : { authorization: as }) };
      const sent = method === 'GET' || method === 'HEAD' ? {} : { payload };
      const asked = `${path}?${query}`.replaceAll(/[ #\r\n\t]/g, '_');
      const answer = await api.call(method as 'GET', asked, { ...sent, headers, ...(as === 'ana' ? { as } : {}) });
      seen.add(answer.statusCode);
      expect(answer.statusCode, asked).toBeLessThan(500);
      expect(answer.payload).not.toContain('private words');
      expect(answer.payload).not.toMatch(/\n\s+at |node_modules/);
    }),
    { numRuns: 1_000 },
  );
  for (const status of [200, 400, 401, 404, 405, 415]) expect(seen, `no ${status} in the sample`).toContain(status);
}, 60_000);
