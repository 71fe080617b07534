import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { systemClock } from '@chasqui/kit';
import { afterEach, describe, expect, test } from 'vitest';
import { type ApiParts, createTestApi } from './fixture.ts';

const QUICK = { headTimeoutMs: 400, bodyTimeoutMs: 400, keepAliveMs: 400 };

const opened: Socket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy();
});

async function listening(settings: ApiParts['settings'] = QUICK, deps: Partial<ApiParts> = {}) {
  const api = await createTestApi(deps, settings);
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.app.server.address() as AddressInfo;
  /** A socket that has sent `bytes`, the data it has received, and its end. */
  const open = async (bytes = '') => {
    const socket = connect(port, '127.0.0.1');
    opened.push(socket);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await once(socket, 'connect');
    if (bytes !== '') socket.write(bytes);
    return { socket, closed, received: () => received };
  };
  return { api, url: `http://127.0.0.1:${port}`, open };
}

const slowBody = (route: string, headers = '') =>
  `POST ${route} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n${headers}\r\n{"userId"`;

describe('C16: sockets that hold a place for nothing', () => {
  test.each([
    ['that says nothing', ''],
    ['with half a request line', 'GET /api/no'],
    ['with half a head', 'GET /api/nodes HTTP/1.1\r\nHost: x\r\nX-A: '],
    ['with half a body', slowBody('/api/auth/login')],
    ['with half a body that nobody reads', slowBody('/api/contacts/bob/accept')],
    ['with half a body for an address that is not there', slowBody('/api/nothing')],
    ['with an answered request and no other', 'GET /api/nodes HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('a socket %s is closed, and a trickle keeps none open', async (_, bytes) => {
    const { api, open } = await listening(QUICK, { clock: systemClock });
    await using _api = api;
    const { socket, closed } = await open(bytes);
    const trickle = bytes === '' || bytes.endsWith('\r\n\r\n') ? undefined : setInterval(() => socket.write('x'), 100);
    await closed;
    clearInterval(trickle);
  });

  test('a picture has the time that a picture takes', async () => {
    const { api, open } = await listening({ ...QUICK, pictureTimeoutMs: 20_000 });
    await using _api = api;
    const authorization = `Authorization: Bearer ${await api.tokenOf('ana')}\r\n`;
    const head = `POST /api/moments/pictures HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 4\r\n${authorization}\r\n`;
    const { socket, received } = await open(head);
    // Longer than any other body may take; body timeouts follow the test's clock.
    await api.clock.advance(QUICK.bodyTimeoutMs * 5);
    socket.write('GIF8');
    await expect.poll(received).toMatch(/^HTTP\/1.1 422/);
  });
});

describe('C16: sockets by number', () => {
  test('an address has its share: the longest quiet one makes room, a busy one does not go', async () => {
    const { api, open, url } = await listening({ maxSocketsPerAddress: 3 });
    await using _api = api;
    const [first, second, busy] = [await open(), await open(), await open(slowBody('/api/auth/login'))];
    await open('GET /api/nodes HTTP/1.1\r\nHost: x\r\n\r\n');
    await first.closed;
    expect((await fetch(`${url}/api/nodes`)).status).toBe(200);
    await second.closed;
    expect(busy.socket.closed).toBe(false);
    busy.socket.destroy();
  });
});

describe('log-ins that flood the hashing of passwords', () => {
  const PATIENT = { maxHashing: 1, maxHashingWaitMs: 60_000, handlerTimeoutMs: 60_000 };
  const login = (userId: string) => ({ payload: { userId, password: 'wrong password' } });

  test('from one address: another address gets its answer before the flood has its own', async () => {
    await using api = await createTestApi({}, { ...PATIENT, passwordCost: { N: 2 ** 14, r: 8, p: 1 } });
    const ended: string[] = [];
    const ask = async (userId: string, remoteAddress: string) => {
      const { statusCode } = await api.call('POST', '/api/auth/login', { ...login(userId), remoteAddress });
      ended.push(`${statusCode} ${userId}`);
    };
    const flood = Array.from({ length: 60 }, (_, i) => ask(`user-${i}`, `2001:db8:0:1::${i.toString(16)}`));
    await Promise.all([...flood, ask('honest', '203.0.113.9')]);
    // Requests that do not fit into the queue are refused at once; of the queued ones, at most two run before the
    // honest one.
    const hashed = ended.filter((one) => one.startsWith('401'));
    expect(hashed.indexOf('401 honest')).toBeLessThanOrEqual(2);
    expect(hashed.length).toBe(1 + 16 + 1);
  });

  test('by clients that are gone: their places are free again', async () => {
    const passwordCost = { N: 2 ** 15, r: 8, p: 3 };
    const { api, url } = await listening({ ...PATIENT, passwordCost, maxWaitingToHashPerAddress: 6 });
    await using _api = api;
    const post = async (userId: string, signal?: AbortSignal) => {
      const headers = { 'content-type': 'application/json', connection: 'close' };
      const body = JSON.stringify(login(userId).payload);
      const answer = fetch(`${url}/api/auth/login`, { method: 'POST', headers, body, ...(signal && { signal }) });
      return answer.then(({ status }) => status).catch(() => 0);
    };
    const gone = new AbortController();
    const flood = Array.from({ length: 7 }, (_, i) => post(`gone-${i}`, gone.signal));
    // All are queued once a further request is refused.
    await expect.poll(() => post('probe'), { interval: 1 }).toBe(503);
    gone.abort();
    await Promise.all(flood);
    await expect.poll(() => new Promise((resolve) => api.app.server.getConnections((_, n) => resolve(n)))).toBe(0);
    const statuses = await Promise.all(Array.from({ length: 6 }, (_, i) => post(`here-${i}`)));
    expect(statuses.filter((status) => status === 503).length).toBeLessThanOrEqual(1);
    // Dear passwords on a busy machine.
  }, 60_000);
});
