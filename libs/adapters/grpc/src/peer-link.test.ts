import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { setTimeout as pass } from 'node:timers/promises';
import { peerLinkContract } from '@chasqui/contracts';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { silentLogger, systemClock } from '@chasqui/kit';
import { createGrpcPeerLink, MAX_WAITING_DELIVERIES } from './peer-link.ts';
import { createGrpcPeerServer } from './peer-server.ts';

const secret = 'a secret of the tests';
const deadlineMs = 1_200;

peerLinkContract('gRPC', {
  async create() {
    const stack = new AsyncDisposableStack();
    const limits = { ...DEFAULT_LIMITS, peerDeadlineMs: deadlineMs };
    const link = createGrpcPeerLink({
      clock: systemClock,
      random: () => 0.5,
      logger: silentLogger,
      limits,
      nodeId: 'a',
      secret,
    });
    return {
      link,
      clock: systemClock,
      advance: (ms) => pass(ms),
      deadlineMs,
      maxWaiting: MAX_WAITING_DELIVERIES,
      async startNode(nodeId, onDeliveries, peerAddress = '127.0.0.1:0') {
        const port = Number(peerAddress.split(':')[1]);
        const server = await createGrpcPeerServer({ port, nodeId, secret, onDeliveries, logger: silentLogger });
        stack.defer(() => server[Symbol.asyncDispose]());
        return {
          nodeId,
          peerAddress: `127.0.0.1:${server.port}`,
          [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
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
