import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ImError } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { createTestApi } from './fixture.ts';

const node = { wsUrl: 'ws://127.0.0.1:4401/ws', peerAddress: '127.0.0.1:4501', startedAt: 0, draining: false };

describe('status', () => {
  test('nodes are listed without a token: the least loaded first, draining ones last, and nothing of the inside', async () => {
    await using api = await createTestApi();
    await api.deps.nodes.renew({ ...node, nodeId: 'draining', connections: 0, draining: true }, 8_000);
    await api.deps.nodes.renew({ ...node, nodeId: 'busy', connections: 9 }, 8_000);
    await api.deps.nodes.renew({ ...node, nodeId: 'idle', connections: 2 }, 8_000);
    const listed = (await api.call('GET', '/api/nodes')).json();
    const { wsUrl } = node;
    expect(listed).toEqual([
      { nodeId: 'idle', wsUrl, draining: false },
      { nodeId: 'busy', wsUrl, draining: false },
      { nodeId: 'draining', wsUrl, draining: true },
    ]);
  });

  test('readiness names the engines that fail or do not answer', async () => {
    await using ready = await createTestApi();
    expect((await ready.call('GET', '/readyz')).json()).toEqual({ status: 'ready', missing: [] });
    await using api = await createTestApi(({ search, users }) => ({
      search: { ...search, ping: () => Promise.reject(new ImError('search_unavailable', 'gone')) },
      users: { ...users, ping: () => new Promise(() => {}) },
    }));
    const asked = api.call('GET', '/readyz');
    await expect.poll(() => api.clock.advance(500).then(() => Promise.race([asked, null]))).not.toBeNull();
    const answer = await asked;
    expect([answer.statusCode, answer.json()]).toEqual([503, { status: 'not ready', missing: ['search', 'users'] }]);
    expect((await api.call('GET', '/healthz')).json()).toEqual({ status: 'ok' });
  });

  test('a shard that does not move degrades: it is told, and nothing is taken away for it', async () => {
    const degraded = ['shard 3 of conversation has not moved for 95 s'];
    await using api = await createTestApi({ degraded: () => degraded });
    const answer = await api.call('GET', '/readyz');
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'degraded', missing: [], degraded }]);
  });

  test('metrics count requests by route, never by user, and show what waits on the bus', async () => {
    const watchedGroups = [{ topic: 'conversation', group: 'business' }];
    await using api = await createTestApi({}, { watchedGroups });
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const handle = () => released;
    const consumer = api.deps.bus.consume({ topic: 'conversation', group: 'business', handle });
    await api.deps.bus.publish({ topic: 'conversation', shard: 1, body: '[]' });
    await api.call('GET', '/api/users/private-person', { as: 'ana' });
    const metrics = await api.call('GET', '/metrics');
    expect(metrics.payload).toMatch(/chasqui_http_seconds_count\{.*route="\/api\/users\/:userId".*status="404".*\} 1/);
    expect(metrics.payload).toMatch(/chasqui_bus_waiting\{topic="conversation",group="business",app="api"\} 1/);
    expect(metrics.payload).toMatch(/chasqui_bus_dead_letters\{topic="conversation",group="business",app="api"\} 0/);
    expect(metrics.payload).not.toContain('private-person');
    release();
    await consumer[Symbol.asyncDispose]();
  });

  test('metrics come without the bus', async () => {
    const watchedGroups = [{ topic: 'conversation', group: 'business' }];
    await using api = await createTestApi(
      ({ bus }) => ({ bus: { ...bus, lag: () => Promise.reject(new ImError('bus_unavailable', 'gone')) } }),
      { watchedGroups },
    );
    expect((await api.call('GET', '/metrics')).payload).not.toMatch(/^chasqui_bus_waiting\{/m);
  });
});

describe('engines that fail', () => {
  test.each(['store_unavailable', 'search_unavailable', 'overloaded'] as const)(
    '%s is a retryable 503 that does not name what is behind it',
    async (code) => {
      const fail = () => Promise.reject(new ImError(code, 'connect ECONNREFUSED db-7.internal:3306'));
      await using api = await createTestApi(({ search }) => ({ search: { ...search, search: fail } }));
      const answer = await api.call('GET', '/api/messages/search?q=x', { as: 'ana' });
      expect([answer.statusCode, answer.json().error]).toMatchObject([503, { code, retry: 'backoff' }]);
      expect(answer.payload).not.toContain('db-7');
    },
  );

  test('C15: a fault of ours is a plain 500: no stack, no words of a driver', async () => {
    await using api = await createTestApi(({ users }) => ({
      users: { ...users, get: () => Promise.reject(new TypeError('Cannot read secrets of /srv/app')) },
    }));
    const headers = { authorization: `Bearer ${await api.tokenOf('ana')}` };
    const answer = await api.app.inject({ url: '/api/users/me', headers });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toEqual({
      error: { code: 'internal', message: 'something went wrong on our side', retry: 'backoff' },
    });
  });

  test('an engine that never answers ends in a retryable 504', async () => {
    await using api = await createTestApi(({ users }) => ({ users: { ...users, get: () => new Promise(() => {}) } }), {
      handlerTimeoutMs: 50,
    });
    const answer = await api.call('GET', '/api/users/me', { as: 'ana' });
    expect([answer.statusCode, answer.json().error]).toMatchObject([
      504,
      { code: 'deadline_exceeded', retry: 'backoff' },
    ]);
  });
});

describe('browsers', () => {
  test.each([
    ['http://127.0.0.1:5173', true],
    ['http://localhost:4400', true],
    ['https://evil.example', false],
    ['http://localhost.evil.example', false],
    ['http://127.0.0.1:4400.evil.example', false],
  ])('by default a page of %s may call: %s', async (origin, allowed) => {
    await using api = await createTestApi();
    const answer = await api.call('GET', '/api/nodes', { headers: { origin } });
    expect(answer.headers['access-control-allow-origin']).toBe(allowed ? origin : undefined);
    const preflight = await api.call('OPTIONS', '/api/auth/login', {
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });
    expect(preflight.headers['access-control-allow-origin']).toBe(allowed ? origin : undefined);
  });

  test('origins are configurable', async () => {
    await using api = await createTestApi({}, { corsOrigins: ['https://chat.example'] });
    const allowed = async (origin: string) =>
      (await api.call('GET', '/api/nodes', { headers: { origin } })).headers['access-control-allow-origin'];
    expect(await allowed('https://chat.example')).toBe('https://chat.example');
    expect(await allowed('http://127.0.0.1:5173')).toBeUndefined();
  });

  test('pages may open WebSockets to any node, run no foreign script and be framed by nobody', async () => {
    await using api = await createTestApi();
    const { headers } = await api.call('GET', '/api/nodes');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("connect-src 'self' ws: wss:");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self'");
    expect(policy).toContain("media-src 'self' blob:");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'strict-transport-security': expect.stringMatching(/^max-age=\d{7,}$/),
      'permissions-policy': expect.stringMatching(/^camera=\(\),.*microphone=\(self\)$/),
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
  });

  test('nothing that is of somebody’s own stays in a cache: tokens, messages, errors', async () => {
    await using api = await createTestApi();
    const ana = { userId: 'ana', password: 'correct horse' };
    const registered = await api.call('POST', '/api/auth/register', { payload: ana });
    const { refreshToken } = registered.json();
    const newPassword = { password: ana.password, newPassword: 'battery staple' };
    const answers = [
      registered,
      await api.call('POST', '/api/auth/login', { payload: ana }),
      await api.call('POST', '/api/auth/refresh', { payload: { refreshToken } }),
      await api.call('PUT', '/api/users/me/password', { as: 'ana', payload: newPassword }),
      await api.call('GET', '/api/conversations', { as: 'ana' }),
      await api.call('GET', '/api/conversations'),
      await api.call('POST', '/api/auth/login', { payload: { ...ana, password: 'wrong one' } }),
      await api.call('GET', '/api/nodes'),
      await api.call('GET', '/api/nowhere'),
      await api.call('POST', '/api/auth/login', { payload: '{', headers: { 'content-type': 'application/json' } }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 200, 200, 200, 200, 401, 401, 200, 404, 400]);
    for (const { headers } of answers) expect(headers['cache-control']).toBe('no-store');
  });
});

describe('the head of a request', () => {
  const login = (headers: { [name: string]: string | string[] }) => ({
    payload: { userId: 'nobody', password: 'wrong one' },
    headers,
  });

  test('a client behind one’s proxies is one client, whatever it writes itself and whichever port it calls from', async () => {
    const settings = { proxies: 1, authPerAddress: { perSecond: 0.001, burst: 3 } };
    await using api = await createTestApi({}, settings);
    const from = async (...lines: string[]) =>
      (await api.call('POST', '/api/auth/login', login({ 'x-forwarded-for': lines }))).statusCode;
    expect(await from('6.6.6.1', '203.0.113.9:20001')).toBe(401);
    expect(await from('6.6.6.2', '203.0.113.9:20002')).toBe(401);
    expect(await from('6.6.6.3, 203.0.113.9')).toBe(401);
    expect(await from('6.6.6.4', '::ffff:203.0.113.9')).toBe(429);
    expect(await from('203.0.113.9', '203.0.113.8')).toBe(401);
    expect(await from('6.6.6.5', '[2001:db8::9]:443')).toBe(401);
    expect(await from('6.6.6.6', '[2001:db8::8]:444')).toBe(401);
    expect(await from('6.6.6.7', '2001:db8::7')).toBe(401);
    expect(await from('6.6.6.8', '"[2001:db8::6]"')).toBe(429);
  });

  test.each([['Authorization'], ['Origin'], ['Host'], ['Content-Type']])(
    'C15: a request with two lines of %s is refused, with the field',
    async (name) => {
      await using api = await createTestApi();
      await api.app.listen({ host: '127.0.0.1', port: 0 });
      const { port } = api.app.server.address() as AddressInfo;
      const value =
        { Authorization: `Bearer ${await api.tokenOf('ana')}`, Host: 'localhost' }[name] ?? 'http://localhost';
      const lines = [
        name === 'Host' ? '' : 'Host: localhost\r\n',
        `${name}: ${value}\r\n`,
        `${name.toUpperCase()}: x\r\n`,
      ];
      const socket = connect(port, '127.0.0.1');
      socket.end(`GET /api/users/me HTTP/1.1\r\n${lines.join('')}Connection: close\r\n\r\n`);
      const answer = await text(socket);
      expect(answer).toContain('400 Bad Request');
      expect(answer).toContain('"code":"invalid_request"');
      expect(answer).toContain(`"field":"${name.toLowerCase()}"`);
    },
  );
});

describe('the page', () => {
  async function webRoot() {
    const root = await mkdtemp(join(tmpdir(), 'chasqui-page-'));
    await mkdir(join(root, 'assets'));
    await writeFile(join(root, 'index.html'), '<title>Chasqui</title>');
    await writeFile(join(root, 'assets', 'app-1a2b.js'), 'start()');
    return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
  }
  const browser = { headers: { accept: 'text/html,*/*' } };

  test('is served with its files, and browsers are sent to it from every other address, by a relative URL', async () => {
    await using files = await webRoot();
    await using api = await createTestApi({ webRoot: files.root });
    for (const url of ['/', '/index.html']) {
      const answer = await api.call('GET', url, browser);
      expect([answer.statusCode, answer.payload], url).toEqual([200, '<title>Chasqui</title>']);
      expect(answer.headers['cache-control']).toBe('no-cache');
    }
    for (const [url, location] of [
      ['/old', './'],
      ['/conversations/ana~bob?x=1?y', './../?x=1?y'],
    ] as const) {
      const answer = await api.call('GET', url, browser);
      expect([answer.statusCode, answer.headers.location], url).toEqual([302, location]);
    }
    const script = await api.call('GET', '/assets/app-1a2b.js');
    expect([script.payload, script.headers['cache-control']]).toEqual([
      'start()',
      'public, max-age=31536000, immutable',
    ]);
  });

  test('does not stand in for what is missing', async () => {
    await using files = await webRoot();
    await using api = await createTestApi({ webRoot: files.root });
    for (const url of [
      '/assets/old-9f.js',
      '/api/nothing',
      '/api',
      '/metrics/x',
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%2fpackage.json',
    ]) {
      const answer = await api.call('GET', url, browser);
      expect([answer.statusCode >= 400, answer.payload.includes('"error"')], url).toEqual([true, true]);
    }
    const post = await api.call('POST', '/', { ...browser, payload: {} });
    expect([post.statusCode, post.json().error.code]).toEqual([404, 'not_found']);
  });
});
