import { describe, expect, test } from 'vitest';
import { Bench } from './testing/fixture.ts';
import { FAILS } from './testing/receiver.ts';

const [A, B, C] = ['ann~bob', 'ann~carl', 'bob~carl'] as const;

describe('Hooks processes', () => {
  test('one of several serves an endpoint; another goes on where a clean end left it, within moments', async () => {
    const bench = new Bench();
    const first = bench.start();
    await bench.endpoint();
    await bench.clock.advance(3_000);
    bench.start();
    const ids = await bench.publish(A, A);
    await bench.clock.advance(30_000);
    await first.hooks[Symbol.asyncDispose]();
    ids.push(...(await bench.publish(A)));
    await bench.clock.advance(5_000);
    expect(bench.receiver.requests.map(({ id }) => id)).toEqual(ids);
  });

  test('C3: when one is killed, another takes over: nothing is lost, and what is repeated has the same id', async () => {
    const bench = new Bench();
    const first = bench.start();
    await bench.endpoint();
    await bench.clock.advance(3_000);
    bench.start();
    let isBroken = true;
    bench.receiver.mood = ({ key }) => (key === B && isBroken ? FAILS : { type: 'taken' });
    const ids = await bench.publish(A, B, A, B, C);
    await bench.clock.advance(3_000);
    first.kill();
    ids.push(...(await bench.publish(A, B)));
    isBroken = false;
    await bench.clock.advance(60_000);
    const inOrder = (key: string) => [...new Set(bench.receiver.takenOf(key))];
    expect(inOrder(A)).toEqual([ids[0], ids[2], ids[5]]);
    expect(inOrder(B)).toEqual([ids[1], ids[3], ids[6]]);
    expect(inOrder(C)).toEqual([ids[4]]);
  });

  test('a process that was frozen and lost its endpoint writes nothing over what the next one did', async () => {
    const bench = new Bench();
    const first = bench.start();
    await bench.endpoint();
    await bench.clock.advance(3_000);
    const [{ lease } = { lease: null }] = await bench.stores.webhooks.list();
    if (lease === null) return expect.fail('nobody serves the endpoint');
    // Another took it meanwhile.
    await bench.stores.webhooks.save('we_1', { from: lease, owner: 'other', maxDeadLetters: 9 });
    await bench.publish(A);
    await bench.clock.advance(10_000);
    expect(await bench.stores.webhooks.progress('we_1')).toMatchObject({ cursor: 0 });
    expect((await bench.stores.webhooks.list())[0]?.lease.owner).toBe('other');
    expect(first.hooks.blockedKeys).toBe(0);
  });
});
