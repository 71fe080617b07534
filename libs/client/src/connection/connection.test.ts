import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { type ClientOptions, createClient, memoryStore, type StateEvent } from '../index.ts';
import { ScriptedServer } from '../testing/scripted-server.ts';
import { fetchNodes } from './node-list.ts';

function start(more: Partial<ClientOptions> = {}) {
  const server = new ScriptedServer();
  const client = createClient(server.options(more));
  const states: StateEvent[] = [];
  client.on('state', (event) => states.push(event));
  const connected = client.connect().then(
    ({ userId }) => userId,
    (error) => error.code,
  );
  return { server, client, states, connected };
}

describe('connecting', () => {
  test('logs in with token, device, platform and position', async () => {
    const { server, client, connected } = start({ platform: 'web' });
    server.login();
    expect(await connected).toBe('amy');
    expect(server.got('login')).toMatchObject([{ token: 'jwt', deviceId: 'phone', platform: 'web', position: 0 }]);
    expect([client.state, client.userId]).toEqual(['online', 'amy']);
    expect(await client.connect()).toEqual({ userId: 'amy' });
  });

  test('a session that ends as it begins, as the store is another user’s, is never online', async () => {
    const store = memoryStore();
    store.set('head', JSON.stringify({ userId: 'eve', position: 3 }));
    const { server, client, states, connected } = start({ store });
    server.login();
    const told = () => states.map(({ state, reason }) => [state, reason?.code].join(' ').trim());
    expect([client.state, told()]).toEqual(['offline', ['connecting', 'offline session_replaced']]);
    server.clock.run(1_000);
    server.login();
    expect(await connected).toBe('amy');
    expect(told().slice(2)).toEqual(['connecting', 'online']);
  });

  test('a lost connection comes back after a jittered back-off, at another node each time', () => {
    const { server, states } = start({ urls: ['ws://one', 'ws://two', 'ws://three'], random: () => 0.5 });
    for (let i = 0; i < 8; i++) {
      server.clock.run(1);
      server.socket.close(1006);
      server.clock.run(states.at(-1)?.retryInMs ?? 0);
    }
    const waits = states.filter(({ state }) => state === 'offline').map(({ retryInMs }) => retryInMs);
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    const urls = server.sockets.map(({ url }) => url);
    expect(urls.slice(0, 3).toSorted()).toEqual(['ws://one', 'ws://three', 'ws://two']);
    expect(urls.slice(3, 6)).toEqual(urls.slice(0, 3));
  });

  test('only a session that lasted resets the back-off', () => {
    const { server, states } = start({ random: () => 0.5 });
    const wait = (lastedMs: number) => {
      server.login();
      server.clock.run(lastedMs);
      server.socket.close(4000);
      const { retryInMs = 0 } = states.at(-1) ?? {};
      server.clock.run(retryInMs);
      return retryInMs;
    };
    expect([wait(10), wait(10), wait(5_000)]).toEqual([100, 200, 100]);
  });

  test.each([4500, 4501, 4503, 4508])('close code %i ends it until connect() is called', async (code) => {
    const { server, client, states, connected } = start();
    server.clock.run(1);
    server.socket.close(code);
    server.clock.run(60_000);
    expect(server.sockets).toHaveLength(1);
    expect(states.at(-1)).toMatchObject({ state: 'closed', reason: { closeCode: code } });
    expect(await connected).not.toBe('amy');
    void client.connect().catch(() => undefined);
    expect(server.sockets).toHaveLength(2);
  });

  test('an expired token is renewed where the token is a function, in a session or at a login, three times in a row', async () => {
    let n = 0;
    const { server, client, states, connected } = start({ token: () => `jwt${++n}` });
    const kicked: string[] = [];
    client.on('kicked', ({ reason }) => kicked.push(reason));
    const again = () => {
      server.socket.close(4502);
      server.clock.run(10_000);
    };
    server.login();
    server.socket.send({ type: 'kicked', reason: 'token_expired' });
    again();
    expect(server.got('login')[0]?.token).toBe('jwt2');
    again();
    server.login();
    expect(n).toBe(3);
    for (let refusals = 0; refusals < 4; refusals++) again();
    expect(n).toBe(7);
    server.socket.close(4502);
    expect(states.at(-1)?.state).toBe('closed');
    expect([await connected, kicked]).toEqual(['amy', []]);
    const fixed = start();
    fixed.server.login();
    fixed.server.socket.close(4502);
    expect(fixed.client.state).toBe('closed');
  });

  test('the reason of a refused login is its error', async () => {
    const { server, connected, states } = start();
    server.clock.run(1);
    server.socket.send({ type: 'error', code: 'token_invalid', message: 'bad signature', retry: 'never' });
    server.socket.close(4501);
    expect(await connected).toBe('token_invalid');
    expect(states.at(-1)?.reason).toEqual({ code: 'token_invalid', message: 'bad signature', closeCode: 4501 });
  });

  test('pings at the interval of the server, and leaves a connection that does not answer', () => {
    const { server, client, states } = start();
    server.login();
    server.clock.run(30_000);
    expect(server.got('ping')).toHaveLength(1);
    server.socket.send({ type: 'pong', serverTime: 1 });
    server.clock.run(30_000);
    expect(server.got('ping')).toHaveLength(2);
    const [silent] = server.sockets;
    server.clock.run(10_000);
    expect(silent?.closedBy).toBe(4999);
    expect(states.find(({ state }) => state === 'offline')?.reason?.code).toBe('heartbeat_missed');
    server.clock.run(300);
    server.login();
    silent?.send({ type: 'pong', serverTime: 1 });
    expect(client.state).toBe('online');
  });

  test('a node that does not answer the login is left', () => {
    const { server, states } = start({ random: () => 0.99 });
    server.clock.run(10_000);
    expect(states.at(-1)).toMatchObject({ state: 'offline', reason: { code: 'login_timeout' } });
    server.login();
    expect(states.at(-1)?.state).toBe('offline');
  });

  test('wake() tries at once, and checks a connection that seems to stand', () => {
    const { server, client } = start({ random: () => 0.99 });
    server.clock.run(1);
    server.socket.close(1006);
    client.wake();
    expect(server.sockets).toHaveLength(2);
    server.login();
    client.wake();
    expect(server.got('ping')).toHaveLength(1);
  });

  test('the list of nodes is asked for; while it does not answer, the known ones serve', async () => {
    let answer: () => Promise<string[]> = async () => ['ws://listed'];
    const { server } = start({ nodesUrl: 'http://api/nodes', fetchNodes: () => answer(), urls: ['ws://known'] });
    await until(() => server.sockets.length === 1);
    expect(server.socket.url).toBe('ws://listed');
    answer = () => Promise.reject(new Error('away'));
    server.socket.close(1006);
    server.clock.run(300);
    await until(() => server.sockets.length === 2);
    expect(server.socket.url).toBe('ws://listed');
    const other = start({ nodesUrl: 'http://api/nodes', fetchNodes: () => answer(), urls: ['ws://known'] });
    await until(() => other.server.sockets.length === 1);
    expect(other.server.socket.url).toBe('ws://known');
  });

  test('GET /api/nodes: draining nodes are left out; while no node is known, the state says why', async () => {
    const listed = (...nodes: object[]) => `data:application/json,${encodeURIComponent(JSON.stringify(nodes))}`;
    const [one, two] = ['ws://one', 'ws://two'].map((wsUrl) => ({
      nodeId: wsUrl,
      wsUrl,
      draining: wsUrl === 'ws://two',
    }));
    expect(await fetchNodes(listed(one as object, two as object))).toEqual(['ws://one']);
    expect(await fetchNodes(listed(two as object))).toEqual(['ws://two']);
    const { states } = start({ urls: [], nodesUrl: 'data:application/json,{}' });
    await expect.poll(() => states.at(-1)).toMatchObject({ state: 'offline', reason: { code: 'connection_closed' } });
    expect(states.at(-1)?.reason?.message).toContain('no Connect node is known: ');
  });

  test('a nodesUrl that is wrong: the client stays offline and says why, and connect() waits', async () => {
    await using server = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const nodesUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/nodes`;
    const { states, connected, client } = start({ urls: [], nodesUrl });
    const [settled, errors] = [vi.fn(), vi.fn()];
    client.on('error', errors);
    void connected.then(settled);
    const message = `no Connect node is known: ${nodesUrl} answered 404`;
    await expect.poll(() => states.at(-1)).toMatchObject({ state: 'offline', reason: { message } });
    expect([settled, errors].map(({ mock }) => mock.calls)).toEqual([[], []]);
    client.close();
    expect(await connected).toBe('connection_closed');
  });

  test('a token source that fails is asked again later', () => {
    let fails = true;
    const { server, states } = start({
      token: () => {
        if (fails) throw new Error('no network');
        return 'jwt';
      },
    });
    expect(states.at(-1)?.state).toBe('offline');
    fails = false;
    server.clock.run(300);
    server.login();
    expect(states.at(-1)?.state).toBe('online');
  });

  test('close() ends everything: no timer is left', async () => {
    const { server, client, states } = start();
    server.login();
    client.send({ to: 'bob', content: { text: 'x' } });
    client.close();
    expect(server.socket.closedBy).toBe(1000);
    // Not `logged_out`, by which an application would erase what it has kept.
    expect(states.at(-1)).toMatchObject({ state: 'closed', reason: { code: 'connection_closed' } });
    expect(server.clock.pending).toBe(0);
  });

  test('presence interest is told to each session; typing needs one', () => {
    const { server, client } = start();
    client.typing('bob');
    client.subscribePresence(['bob']);
    server.login();
    expect(server.got('presence_subscribe')).toEqual([{ type: 'presence_subscribe', users: ['bob'] }]);
    expect(server.got('typing')).toEqual([]);
    client.typing('amy~bob', false);
    expect(server.got('typing')).toEqual([{ type: 'typing', to: 'bob', active: false }]);
  });

  test('a handler that throws harms neither the client nor other handlers', () => {
    const { server, client } = start();
    const seen: string[] = [];
    client.on('presence', () => {
      throw new Error('in the application');
    });
    client.on('presence', ({ userId }) => seen.push(userId));
    client.on('error', ({ message }) => seen.push(message));
    server.login();
    server.socket.send({ type: 'presence', userId: 'bob', online: true, at: 1 });
    expect(seen).toEqual(['in the application', 'bob']);
  });
});

/** Lets promise reactions run until the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !condition(); i++) await Promise.resolve();
  expect(condition()).toBe(true);
}
