import { sendLinkContract } from '@chasqui/contracts';
import { silentLogger, systemClock } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { createNearSendLink, NearPeers } from './near-peers.ts';
import { createGrpcPeerServer } from './peer-server.ts';
import { createGrpcSendLink, SEND_DEADLINE_MS } from './send-link.ts';

const secret = 'a secret of the tests';
const onDeliveries = () => [];

function worldOf(deadlineMs: number, near?: NearPeers) {
  const stack = new AsyncDisposableStack();
  const far = createGrpcSendLink({ clock: systemClock, nodeId: 'a', secret, deadlineMs });
  return {
    link: near === undefined ? far : createNearSendLink({ near, far, clock: systemClock }),
    clock: systemClock,
    deadlineMs,
    async startNode(nodeId: string, handler: Parameters<NearPeers['register']>[2]) {
      const parts = { port: 0, nodeId, secret, onDeliveries, logger: silentLogger };
      const server = await createGrpcPeerServer({ ...parts, ...(handler && { onMessages: handler }) });
      stack.use(server);
      const registration = near?.register(nodeId, onDeliveries, handler);
      return {
        nodeId,
        peerAddress: `127.0.0.1:${server.port}`,
        async [Symbol.asyncDispose]() {
          registration?.[Symbol.dispose]();
          await server[Symbol.asyncDispose]();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await this.link[Symbol.asyncDispose]();
      await stack.disposeAsync();
    },
  };
}

sendLinkContract('gRPC', { create: async () => worldOf(1_500) });
sendLinkContract('near', { create: async () => worldOf(SEND_DEADLINE_MS, new NearPeers()) });

test('a caller without the secret sends nothing', async () => {
  let calls = 0;
  await using world = worldOf(1_500);
  const node = await world.startNode('b', async () => {
    calls++;
    return [];
  });
  await using stranger = createGrpcSendLink({ clock: systemClock, nodeId: 'x', secret: 'a guess', deadlineMs: 1_500 });
  const message = {
    from: 'ana',
    to: 'bob',
    clientMessageId: 'm',
    content: { text: 'forged' },
    wait: 'queued',
  } as const;
  await expect(stranger.send(node, [message])).rejects.toMatchObject({ code: 'peer_unavailable' });
  expect(calls).toBe(0);
});
