import { DEFAULT_LIMITS } from '@chasqui/domain';
import { CLOSE_CODES } from '@chasqui/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { RawSocket } from './raw-socket.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster({ limits: { ...DEFAULT_LIMITS, maxConnectionsPerNode: 3, maxDevicesPerUser: 2 } });
}, 60_000);
afterAll(() => cluster[Symbol.asyncDispose]());

const url = (node: number) => cluster.running.connect[node - 1]?.wsUrl ?? '';

async function loggedIn(user: string, deviceId: string, node: number): Promise<RawSocket> {
  return RawSocket.loggedIn(url(node), await cluster.token(user), deviceId);
}

test('C16: a connection beyond the bound of its node is closed at once, and the others go on', async () => {
  const sockets = [await loggedIn('ann', 'a', 1), await loggedIn('ben', 'b', 1), await loggedIn('cid', 'c', 1)];
  const beyond = await RawSocket.open(url(1));
  expect(await beyond.closed()).toBe(CLOSE_CODES.overloaded);
  sockets[0]?.send({ type: 'ping' });
  expect(await sockets[0]?.next('pong')).toMatchObject({ type: 'pong' });
  sockets[1]?.[Symbol.dispose]();
  // Its slot is free once the node has noticed the close.
  await expect
    .poll(
      () =>
        loggedIn('dan', 'd', 1).then(
          () => 'taken',
          () => 'refused',
        ),
      { timeout: 15_000 },
    )
    .toBe('taken');
  for (const socket of sockets) socket[Symbol.dispose]();
});

test('C16: of a user with more devices than the bound, the one that logged in first is sent away', async () => {
  const first = await loggedIn('eve', 'first', 2);
  const second = await loggedIn('eve', 'second', 2);
  const third = await loggedIn('eve', 'third', 2);
  expect(await first.next('kicked')).toMatchObject({ reason: 'session_replaced' });
  expect(await first.closed()).toBe(CLOSE_CODES.session_replaced);
  for (const socket of [second, third]) {
    socket.send({ type: 'ping' });
    expect(await socket.next('pong')).toMatchObject({ type: 'pong' });
  }
});
