import { connect } from 'node:net';
import { createClient } from '@chasqui/client';
import { CLOSE_CODES } from '@chasqui/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { RawSocket } from '../hostile/raw-socket.ts';

interface Listed {
  nodeId: string;
  wsUrl: string;
  relativeUrl: string;
  directUrl: string;
}

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster({ env: { CHASQUI_HOST: '0.0.0.0', CHASQUI_TRUST_PROXY: 'on' } });
}, 60_000);
afterAll(() => cluster?.[Symbol.asyncDispose]());

const shared = (query = '') => `${cluster.running.url.replace('http', 'ws')}/ws${query}`;
const port = () => new URL(cluster.running.url).port;
const directPorts = () => cluster.running.connect.map((node) => `${node.port}`).sort();

async function list(headers: { [name: string]: string } = {}): Promise<Listed[]> {
  const lines = Object.entries({ host: 'x', ...headers }).map(([name, value]) => `${name}: ${value}`);
  const answer = await raw('GET /api/nodes HTTP/1.1', 'Connection: close', ...lines);
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as Listed[];
}

/** An HTTP request, byte for byte, and its answer. */
function raw(...lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port()), '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.once('close', () => resolve(received));
    socket.once('error', reject);
  });
}

describe('page, API and WebSocket on one port', () => {
  it('a client that knows the API alone talks to another at a node of its own', async () => {
    const open = async (userId: string) =>
      createClient({ nodesUrl: `${cluster.running.url}/api/nodes`, token: await cluster.token(userId), deviceId: 'd' });
    using ann = await open('ann');
    using ben = await RawSocket.loggedIn(cluster.running.connect[1]?.wsUrl ?? '', await cluster.token('ben'), 'd');
    await ann.connect();
    await ann.send({ to: 'ben', content: { text: 'through one port' } }).stored;
    expect((await ben.next('chat')).content).toEqual({ text: 'through one port' });
  });

  it('`?node=` names the node; without it, the one with the fewest connections takes the socket', async () => {
    const nodes = await list();
    const seen: string[] = [];
    for (const { nodeId, relativeUrl } of nodes) {
      const url = new URL(relativeUrl, `${cluster.running.url}/api/nodes`);
      using socket = await RawSocket.open(url.href.replace('http', 'ws'));
      socket.send({ type: 'login', token: await cluster.token('cid'), deviceId: 'd' });
      expect((await socket.next('login_ok')).nodeId).toBe(nodeId);
      seen.push(nodeId);
    }
    expect(new Set(seen).size).toBe(2);
    const sockets = [];
    for (const userId of ['u1', 'u2', 'u3', 'u4']) {
      sockets.push(await RawSocket.open(shared()));
      sockets.at(-1)?.send({ type: 'login', token: await cluster.token(userId), deviceId: 'd' });
    }
    const at = await Promise.all(sockets.map(async (socket) => (await socket.next('login_ok')).nodeId));
    expect(new Set(at).size).toBe(2);
    for (const socket of sockets) socket[Symbol.dispose]();
  });

  it('addresses are those under which the client called; a wildcard is given to nobody', async () => {
    const direct = await list({ host: 'chat.lan:4400' });
    for (const { nodeId, wsUrl, directUrl } of direct) {
      expect(wsUrl).toBe(`ws://chat.lan:4400/ws?node=${nodeId}`);
      expect(directUrl).toMatch(/^ws:\/\/chat\.lan:\d+\/ws$/);
    }
    expect(direct.map(({ directUrl }) => new URL(directUrl).port).sort()).toEqual(directPorts());
    const [six] = await list({ host: '[fd00::2]:4400' });
    expect([six?.wsUrl, six?.directUrl]).toEqual([
      expect.stringMatching(/^ws:\/\/\[fd00::2\]:4400\/ws\?node=/),
      expect.stringMatching(/^ws:\/\/\[fd00::2\]:\d+\/ws$/),
    ]);
    const forwarded = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'chat.example',
      'x-forwarded-prefix': '/im/',
    };
    expect((await list(forwarded))[0]?.wsUrl).toMatch(/^wss:\/\/chat\.example\/im\/ws\?node=/);
  });

  it('C15: another path takes no WebSocket, and another protocol gets the answer of plain HTTP', async () => {
    for (const path of ['/', '/wss', '/ws/more', '/api/nodes']) {
      await expect(RawSocket.open(`${cluster.running.url.replace('http', 'ws')}${path}`)).rejects.toThrow(
        / (404|200)$/,
      );
    }
    const head = ['GET /healthz HTTP/1.1', 'Host: x', 'Connection: Upgrade, close', 'Upgrade: h2c'];
    expect(await raw(...head)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(await raw('GET /ws HTTP/1.1', 'Host: x', 'Connection: close')).toMatch(/^HTTP\/1\.1 404 /);
    const twice = ['GET /ws HTTP/1.1', 'Host: x', 'Host: y', 'Connection: Upgrade', 'Upgrade: websocket'];
    expect(await raw(...twice)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('C14: a server that stops drains the sockets of its one port too, and waits for none', async () => {
    const stopping = await startTestCluster();
    const url = `${stopping.running.url.replace('http', 'ws')}/ws`;
    using socket = await RawSocket.loggedIn(url, await stopping.token('ann'), 'd');
    using silent = await RawSocket.open(url);
    socket.send({ type: 'chat', clientMessageId: 'last', to: 'ben', content: { text: 'last' } });
    await socket.next('send_ack');
    const began = performance.now();
    const stopped = stopping[Symbol.asyncDispose]();
    expect(await socket.closed()).toBe(CLOSE_CODES.node_draining);
    await silent.closed();
    await stopped;
    expect(performance.now() - began).toBeLessThan(10_000);
  }, 60_000);
});
