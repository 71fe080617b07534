import { createManualClock, peerLinkContract } from '@chasqui/contracts';
import type { DeliveryHandler } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { createMemoryPeerNetwork } from './peer-network.ts';

const deadlineMs = 2_000;
const maxWaiting = 5_000;

peerLinkContract('memory', {
  async create() {
    const clock = createManualClock();
    const network = createMemoryPeerNetwork({ clock, random: () => 0.5, deadlineMs, maxWaiting });
    const link = network.linkOf('a');
    return {
      link,
      clock,
      advance: (ms) => clock.advance(ms),
      deadlineMs,
      maxWaiting,
      async startNode(nodeId, handler, peerAddress = `memory:${nodeId}`) {
        const registration = network.register(nodeId, `process of ${nodeId}`, handler);
        return { nodeId, peerAddress, [Symbol.asyncDispose]: async () => registration[Symbol.dispose]() };
      },
      async startSilent(nodeId) {
        network.register(nodeId, `process of ${nodeId}`, () => []);
        network.hang(nodeId, true);
        return { nodeId, peerAddress: `memory:${nodeId}` };
      },
      async [Symbol.asyncDispose]() {
        const closed = link[Symbol.asyncDispose]();
        await clock.advance(deadlineMs);
        await closed;
      },
    };
  },
});

/** Process `a` with a link, and the nodes `b` and `c`, each in its own process, that record what they take. */
function network(seed = 1) {
  const clock = createManualClock();
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const peers = createMemoryPeerNetwork({ clock, random, deadlineMs });
  const taken: { [nodeId: string]: string[] } = { b: [], c: [] };
  const taking = (nodeId: string): DeliveryHandler => {
    return (deliveries) => deliveries.map(({ frame }) => taken[nodeId]?.push(frame) ?? 0);
  };
  for (const nodeId of ['b', 'c']) peers.register(nodeId, `process ${nodeId}`, taking(nodeId));
  const link = peers.linkOf('a');
  const deliver = (nodeId: string, frame: string) =>
    link.deliver({ nodeId, peerAddress: '' }, [{ userId: 'bob', frame }]).then(
      () => 'taken',
      () => `failed at ${clock.monotonic()}`,
    );
  return { clock, peers, taken, deliver };
}

test('C5: delays differ and nothing overtakes', async () => {
  const { clock, peers, taken, deliver } = network();
  peers.faults = { dropRate: 0, minDelayMs: 1, maxDelayMs: 500 };
  const calls = Array.from({ length: 200 }, (_, n) => deliver('b', `${n}`));
  await clock.advance(499);
  expect(taken.b?.length).toBeGreaterThan(0);
  await clock.advance(2);
  expect(taken.b).toEqual(Array.from({ length: 200 }, (_, n) => `${n}`));
  await clock.advance(500);
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['taken']));
});

test('a node’s deliveries are its own', async () => {
  const { clock, peers } = network();
  peers.register('d', 'process d', (deliveries) => {
    for (const { watch } of deliveries) if (watch !== undefined) watch.messageId = 'changed';
    return deliveries.map(() => 1);
  });
  const watch = { messageId: '0123456789abcdef01234567', conversationId: 'alice~bob' };
  const call = peers.linkOf('a').deliver({ nodeId: 'd', peerAddress: '' }, [{ userId: 'bob', frame: '{}', watch }]);
  await clock.advance(0);
  expect(await call).toEqual([1]);
  expect(watch.messageId).toBe('0123456789abcdef01234567');
});

test('what is dropped fails at the deadline, whether it was delivered or its answer was lost', async () => {
  const { clock, peers, taken, deliver } = network();
  peers.faults = { dropRate: 0.4, minDelayMs: 0, maxDelayMs: 0 };
  const calls = Array.from({ length: 500 }, (_, n) => deliver('b', `${n}`));
  await clock.advance(deadlineMs);
  const outcomes = await Promise.all(calls);
  const sure = outcomes.filter((outcome) => outcome === 'taken').length;
  expect(new Set(outcomes)).toEqual(new Set(['taken', `failed at ${deadlineMs}`]));
  expect(sure / 500).toBeCloseTo(0.36, 1);
  expect((taken.b?.length ?? 0) / 500).toBeCloseTo(0.6, 1);
  expect(new Set(taken.b).size).toBe(taken.b?.length);
});

test('a partition parts two processes, both ways, until it is healed', async () => {
  const { clock, peers, taken, deliver } = network();
  peers.partition('process b', 'a', true);
  const calls = [deliver('b', 'lost'), deliver('c', 'near')];
  await clock.advance(deadlineMs);
  expect(await Promise.all(calls)).toEqual([`failed at ${deadlineMs}`, 'taken']);
  peers.partition('a', 'process b', false);
  const healed = deliver('b', 'found');
  await clock.advance(0);
  expect(await healed).toBe('taken');
  expect(taken).toEqual({ b: ['found'], c: ['near'] });
});

test('a partition that begins after the delivery keeps its answer away', async () => {
  const { clock, peers, taken, deliver } = network();
  peers.faults = { dropRate: 0, minDelayMs: 10, maxDelayMs: 10 };
  const call = deliver('b', 'delivered');
  await clock.advance(5);
  peers.partition('a', 'process b', true);
  await clock.advance(deadlineMs);
  expect(await call).toBe(`failed at ${deadlineMs}`);
  expect(taken.b).toEqual(['delivered']);
});

test('a node that hangs answers again when it no longer does', async () => {
  const { clock, peers, deliver } = network();
  peers.hang('b', true);
  const stuck = deliver('b', '1');
  await clock.advance(deadlineMs);
  expect(await stuck).toBe(`failed at ${deadlineMs}`);
  peers.hang('b', false);
  const call = deliver('b', '2');
  await clock.advance(0);
  expect(await call).toBe('taken');
});

test('the same seed makes the same history', async () => {
  const history = async (seed: number) => {
    const { clock, peers, taken, deliver } = network(seed);
    peers.faults = { dropRate: 0.3, minDelayMs: 1, maxDelayMs: 100 };
    const calls = Array.from({ length: 100 }, (_, n) => deliver(n % 2 === 0 ? 'b' : 'c', `${n}`));
    await clock.advance(deadlineMs);
    return { taken, outcomes: await Promise.all(calls) };
  };
  expect(await history(7)).toEqual(await history(7));
  expect(await history(7)).not.toEqual(await history(8));
});
