import { setImmediate as turn } from 'node:timers/promises';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { silentLogger, systemClock } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { createGrpcPeerLink } from './peer-link.ts';
import { createGrpcPeerServer } from './peer-server.ts';

const secret = 'a secret of the tests';

test('a batch of a megabyte does not wait for a window of HTTP/2 every 64 KiB', async () => {
  await using server = await createGrpcPeerServer({
    port: 0,
    nodeId: 'b',
    secret,
    logger: silentLogger,
    onDeliveries: (deliveries) => deliveries.map(() => 1),
  });
  await using link = createGrpcPeerLink({
    clock: systemClock,
    random: () => 0.5,
    logger: silentLogger,
    limits: DEFAULT_LIMITS,
    nodeId: 'a',
    secret,
  });
  const node = { nodeId: 'b', peerAddress: `127.0.0.1:${server.port}` };
  const turnsFor = async (count: number): Promise<number> => {
    let answered = false;
    const deliveries = Array.from({ length: count }, () => ({ userId: 'bob', frame: 'x'.repeat(1_000) }));
    const answer = link.deliver(node, deliveries).then(() => {
      answered = true;
    });
    let turns = 0;
    // Each turn is long enough for the kernel to deliver what the previous turn wrote.
    for (; !answered; turns++) {
      await turn();
      const until = performance.now() + 2;
      while (performance.now() < until);
    }
    await answer;
    return turns;
  };
  await turnsFor(10);
  expect(await turnsFor(1_000)).toBeLessThan(15);
});
