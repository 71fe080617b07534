import { expect, test } from 'vitest';
import { type BusHarness, busFixture, eventsOf, GROUPS, SHARDS, TOPIC } from './message-bus-fixture.ts';

export function memberTests(harness: BusHarness): void {
  const { publish, consume, gate, until } = busFixture(harness);

  test('members of a group share the shards, and a shard has one handler at a time', async () => {
    const running = new Map<number, number>();
    const done: (string | number)[] = [];
    let most = 0;
    for (let member = 0; member < 3; member++) {
      consume(
        async (batch) => {
          const shard = batch[0]?.shard ?? -1;
          running.set(shard, (running.get(shard) ?? 0) + 1);
          most = Math.max(most, running.get(shard) ?? 0);
          await new Promise<void>((resolve) => harness.clock.after(1, resolve));
          running.set(shard, (running.get(shard) ?? 0) - 1);
          done.push(...eventsOf(batch));
        },
        { maxBatch: 2 },
      );
    }
    for (let i = 0; i < 10; i++) for (let shard = 0; shard < 4; shard++) await publish(shard, `${shard}:${i}`);
    await until('all', () => done.length >= 40);
    expect(most).toBe(1);
    for (let shard = 0; shard < 4; shard++) {
      const ofShard = done.filter((event) => String(event).startsWith(`${shard}:`));
      expect(ofShard).toEqual(Array.from({ length: 10 }, (_, i) => `${shard}:${i}`));
    }
  });

  test('a member handles no more shards at once than it asked for; another member takes the rest', async () => {
    const { opened } = gate();
    const running = [0, 0];
    for (const member of [0, 1]) {
      consume(
        async () => {
          running[member] = (running[member] ?? 0) + 1;
          await opened;
        },
        { concurrency: 1 },
      );
    }
    for (let shard = 0; shard < SHARDS; shard++) await publish(shard, shard);
    await until('both members work', () => running[0] === 1 && running[1] === 1);
    await harness.advance(200);
    expect(running).toEqual([1, 1]);
  });

  test('a disposed member finishes what it handles, takes nothing new, and leaves the rest to others', async () => {
    const { opened, open } = gate();
    const seen: (string | number)[][] = [[], []];
    const member = consume(
      async (batch) => {
        seen[0]?.push(...eventsOf(batch));
        await opened;
      },
      { maxBatch: 1 },
    );
    await publish(0, 'a', 'b', 'c');
    await until('the first is in hand', () => seen[0]?.length === 1);
    let disposed = false;
    const disposing = member[Symbol.asyncDispose]().then(() => {
      disposed = true;
    });
    consume(async (batch) => void seen[1]?.push(...eventsOf(batch)));
    await harness.advance(100);
    expect(disposed).toBe(false);
    expect(seen).toEqual([['a'], []]);
    open();
    await disposing;
    await member[Symbol.asyncDispose]();
    await until('the rest', () => seen[1]?.length === 2);
    expect(seen).toEqual([['a'], ['b', 'c']]);
  });

  test('what fails while its member is disposed comes to another, marked as redelivered', async () => {
    const { opened, open } = gate();
    let inHand = false;
    const member = consume(async () => {
      inHand = true;
      await opened;
      throw new Error('not now');
    });
    await publish(0, 'a');
    await until('in hand', () => inHand);
    const disposing = member[Symbol.asyncDispose]();
    open();
    await disposing;
    const seen: boolean[] = [];
    consume(async (batch) => void seen.push(...batch.map((delivery) => delivery.redelivered)));
    await until('redelivery', () => seen.length === 1);
    expect(seen).toEqual([true]);
  });

  if (harness.connect !== undefined) {
    const connect = harness.connect;
    test('C3: what a killed or frozen process had in hand comes to another member once it was silent for 10 s', async () => {
      const other = await connect();
      let inHand: (string | number)[] = [];
      other.bus.consume({
        topic: TOPIC,
        group: GROUPS[0],
        handle: (batch) => {
          inHand = eventsOf(batch);
          return gate().opened;
        },
      });
      await publish(0, 'a', 'b');
      await until('in hand', () => inHand.length > 0);
      await other.kill();
      const seen: { event: string | number | undefined; redelivered: boolean }[] = [];
      consume(async (batch) => {
        for (const [i, { redelivered }] of batch.entries()) seen.push({ event: eventsOf(batch)[i], redelivered });
      });
      await publish(1, 'elsewhere');
      await until('the dead member’s work', () => seen.length >= 3, 15_000);
      const shard0 = seen.filter(({ event }) => event !== 'elsewhere');
      expect(shard0.map(({ event }) => event)).toEqual(['a', 'b']);
      expect(shard0[0]?.redelivered).toBe(true);
    });
  }
}
