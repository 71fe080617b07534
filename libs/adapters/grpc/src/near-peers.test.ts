import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { setTimeout as pass } from 'node:timers/promises';
import { peerLinkContract } from '@chasqui/contracts';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { silentLogger, systemClock } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { createNearPeerLink, NearPeers } from './near-peers.ts';
import { createGrpcPeerLink, MAX_WAITING_DELIVERIES } from './peer-link.ts';
import { createGrpcPeerServer } from './peer-server.ts';

const secret = 'a secret of the tests';
const deadlineMs = 1_200;

function farLink() {
  const limits = { ...DEFAULT_LIMITS, peerDeadlineMs: deadlineMs };
  return createGrpcPeerLink({
    clock: systemClock,
    random: () => 0.5,
    logger: silentLogger,
    limits,
    nodeId: 'a',
    secret,
  });
}

// Every other node is near, so that the local and the remote way keep the contract together.
peerLinkContract('near, with gRPC beyond', {
  async create() {
    const stack = new AsyncDisposableStack();
    const near = new NearPeers();
    const link = createNearPeerLink({ near, far: farLink() });
    let started = 0;
    return {
      link,
      clock: systemClock,
      advance: (ms) => pass(ms),
      deadlineMs,
      maxWaiting: MAX_WAITING_DELIVERIES,
      async startNode(nodeId, handler, peerAddress = '127.0.0.1:0') {
        const port = Number(peerAddress.split(':')[1]);
        const server = await createGrpcPeerServer({
          port,
          nodeId,
          secret,
          onDeliveries: handler,
          logger: silentLogger,
        });
        stack.use(server);
        const registration = started++ % 2 === 0 ? near.register(nodeId, handler) : undefined;
        return {
          nodeId,
          peerAddress: `127.0.0.1:${server.port}`,
          async [Symbol.asyncDispose]() {
            registration?.[Symbol.dispose]();
            await server[Symbol.asyncDispose]();
          },
        };
      },
      async startSilent(nodeId) {
        const sockets = new Set<Socket>();
        const server = createServer((socket) => sockets.add(socket.on('error', () => {}).resume()));
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        stack.defer(async () => {
          for (const socket of sockets) socket.destroy();
          await new Promise((resolve) => server.close(resolve));
        });
        return { nodeId, peerAddress: `127.0.0.1:${(server.address() as AddressInfo).port}` };
      },
      async [Symbol.asyncDispose]() {
        await link[Symbol.asyncDispose]();
        await stack.disposeAsync();
      },
    };
  },
});

test('a node of this process is reached without a server, and is gone with its registration', async () => {
  const near = new NearPeers();
  await using link = createNearPeerLink({ near, far: farLink() });
  const registration = near.register('b', (deliveries) => deliveries.map(() => 2));
  const nowhere = { nodeId: 'b', peerAddress: '127.0.0.1:1' };
  expect(await link.deliver(nowhere, [{ userId: 'bob', frame: '{}' }])).toEqual([2]);
  registration[Symbol.dispose]();
  await expect(link.deliver(nowhere, [{ userId: 'bob', frame: '{}' }])).rejects.toMatchObject({
    code: 'peer_unavailable',
  });
});
