import { expect, test } from 'vitest';
import { chat, echoCounts, outcomeOf, type PeerFixture, type PeerTarget, type PeerWorld } from './peer-link-fixture.ts';

const unavailable = { code: 'peer_unavailable', retry: 'backoff' };

/** The link's outcome for one delivery, and its duration by the link's clock. */
async function attempt(world: PeerWorld, node: PeerTarget) {
  const began = world.clock.monotonic();
  const call: Promise<unknown> = world.link.deliver(node, [chat(1)]).catch((error: unknown) => error);
  return { outcome: await outcomeOf(world, call), tookMs: world.clock.monotonic() - began };
}

/** Retries until the node takes a delivery; fails after 3 s of the link's time. */
async function untilDelivered(world: PeerWorld, node: PeerTarget): Promise<void> {
  const began = world.clock.monotonic();
  for (;;) {
    const { outcome } = await attempt(world, node);
    if (Array.isArray(outcome)) return;
    expect(world.clock.monotonic() - began).toBeLessThan(3_000);
    await world.advance(20);
  }
}

export function failureTests({ world: create }: PeerFixture): void {
  test('C9: a node that is not there is unavailable at once', async () => {
    const world = await create();
    const node = await world.startNode('b', echoCounts);
    await node[Symbol.asyncDispose]();
    for (let again = 0; again < 3; again++) {
      const { outcome, tookMs } = await attempt(world, node);
      expect(outcome).toMatchObject(unavailable);
      expect(tookMs).toBeLessThan(world.deadlineMs / 2);
    }
  });

  test('C9: a node that does not answer is unavailable at the deadline, with everything that waits for it', async () => {
    const world = await create();
    const { link, clock, advance, deadlineMs } = world;
    const node = await world.startSilent('b');
    const began = clock.monotonic();
    const outcomes: unknown[] = [];
    for (let call = 0; call < 50; call++) {
      link.deliver(node, [chat(call)]).catch((error: unknown) => outcomes.push(error));
    }
    while (outcomes.length < 50) await advance(5);
    expect(clock.monotonic() - began).toBeGreaterThanOrEqual(deadlineMs - 1);
    expect(clock.monotonic() - began).toBeLessThan(2 * deadlineMs + 500);
    for (const outcome of outcomes) expect(outcome).toMatchObject(unavailable);
  });

  test('a silent node holds nobody else up', async () => {
    const world = await create();
    const silent = await world.startSilent('b');
    const node = await world.startNode('c', echoCounts);
    const stuck = world.link.deliver(silent, [chat(1)]).catch((error: unknown) => error);
    const { outcome, tookMs } = await attempt(world, node);
    expect(outcome).toEqual([1]);
    expect(tookMs).toBeLessThan(world.deadlineMs);
    await world.advance(2 * world.deadlineMs);
    expect(await stuck).toMatchObject(unavailable);
  });

  test('what was meant for a restarted node’s predecessor is refused', async () => {
    const world = await create();
    const first = await world.startNode('b-1', echoCounts);
    expect((await attempt(world, first)).outcome).toEqual([1]);
    await first[Symbol.asyncDispose]();
    let taken = 0;
    const second = await world.startNode(
      'b-2',
      (deliveries) => {
        taken += deliveries.length;
        return echoCounts(deliveries);
      },
      first.peerAddress,
    );
    for (let again = 0; again < 5; again++) {
      expect((await attempt(world, first)).outcome).toMatchObject(unavailable);
      await world.advance(300);
    }
    expect(taken).toBe(0);
    await untilDelivered(world, second);
    expect(taken).toBe(1);
  });

  test('a node that comes back is reached again within seconds', async () => {
    const world = await create();
    const node = await world.startNode('b', echoCounts);
    expect((await attempt(world, node)).outcome).toEqual([1]);
    await node[Symbol.asyncDispose]();
    for (let again = 0; again < 5; again++) {
      expect((await attempt(world, node)).outcome).toMatchObject(unavailable);
      await world.advance(100);
    }
    await world.startNode('b', echoCounts, node.peerAddress);
    await untilDelivered(world, node);
  });

  test('calls that a stopping node catches under way all end, one way or the other', async () => {
    const world = await create();
    const node = await world.startNode('b', echoCounts);
    const calls = Array.from({ length: 500 }, (_, n) => world.link.deliver(node, [chat(n)]).catch(() => 'failed'));
    await node[Symbol.asyncDispose]();
    for (const [n, outcome] of (await outcomeOf(world, Promise.all(calls))).entries())
      expect([`${[n]}`, 'failed']).toContain(`${outcome}`);
  });

  test('a handler that fails fails its batch, and nothing after it', async () => {
    const world = await create();
    let calls = 0;
    const node = await world.startNode('b', (deliveries) => {
      if (++calls === 1) throw new Error('broken on purpose');
      return echoCounts(deliveries);
    });
    expect((await attempt(world, node)).outcome).toMatchObject(unavailable);
    expect((await attempt(world, node)).outcome).toEqual([1]);
  });

  test('C16: beyond the bound deliveries fail at once, and the node’s others do not', async () => {
    const world = await create();
    const { link, maxWaiting } = world;
    const node = await world.startSilent('b');
    const half = Array.from({ length: maxWaiting / 2 }, (_, n) => chat(n));
    const waiting = [half, half].map((deliveries) => link.deliver(node, deliveries).catch((error: unknown) => error));
    const { outcome, tookMs } = await attempt(world, node);
    expect(outcome).toMatchObject(unavailable);
    expect(tookMs).toBeLessThan(world.deadlineMs / 2);
    await world.advance(2 * world.deadlineMs);
    for (const late of await Promise.all(waiting)) expect(late).toMatchObject(unavailable);
    const other = await world.startNode('c', echoCounts);
    expect((await attempt(world, other)).outcome).toEqual([1]);
  });
}
