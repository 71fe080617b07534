import { createManualClock } from '@chasqui/contracts';
import { DEFAULT_LIMITS, ImError, type SyncedEvent, shardOf } from '@chasqui/domain';
import type { BusPublication, MessageBus } from '@chasqui/ports';
import { describe, expect, it } from 'vitest';
import { decodeEvents } from './bus-body.ts';
import { EventPublisher } from './event-publisher.ts';

interface Call {
  publication: BusPublication;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** A bus whose publishes are answered by the test. */
function heldBus(shards = 1) {
  const calls: Call[] = [];
  const bus = {
    shards: () => shards,
    publish: (publication: BusPublication) =>
      new Promise<void>((resolve, reject) => calls.push({ publication, resolve, reject })),
  } as Partial<MessageBus> as MessageBus;
  return { bus, calls };
}

function publisherOn(bus: MessageBus) {
  const clock = createManualClock();
  return { clock, publisher: new EventPublisher({ bus, clock, limits: DEFAULT_LIMITS }) };
}

function numbered(position: number): SyncedEvent {
  return { type: 'synced', userId: 'ann', deviceId: 'd', position, nodeId: 'n', at: 1 };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function bodies(calls: readonly Call[]): unknown[][] {
  return calls.map(({ publication }) => decodeEvents(publication.body));
}

/** A key of the other one of two shards. */
const keyOfOther = (key: string) => ['a', 'b', 'c', 'd'].find((one) => shardOf(one, 2) !== shardOf(key, 2)) ?? '';

describe('the event publisher', () => {
  it('C5: keeps one publish of a shard in flight and sends what arrives meanwhile as one batch, in order', async () => {
    const { bus, calls } = heldBus();
    const { publisher } = publisherOn(bus);
    void publisher.publish('t', 'k', numbered(1));
    await settled();
    for (const n of [2, 3, 4]) void publisher.publish('t', 'k', numbered(n));
    await settled();
    expect(bodies(calls)).toEqual([[numbered(1)]]);
    calls[0]?.resolve();
    await settled();
    expect(bodies(calls)).toEqual([[numbered(1)], [numbered(2), numbered(3), numbered(4)]]);
  });

  it('C16: keeps to the pace that the bus asks for, and lets nothing wait that is alone', async () => {
    const { bus, calls } = heldBus();
    const { publisher, clock } = publisherOn({ ...bus, publishPaceMs: 15 });
    void publisher.publish('t', 'k', numbered(1));
    await settled();
    expect(calls).toHaveLength(1);
    await clock.advance(5);
    calls[0]?.resolve();
    for (const n of [2, 3]) void publisher.publish('t', 'k', numbered(n));
    await clock.advance(9);
    expect(calls).toHaveLength(1);
    expect(publisher.delayOf('t', 'k')).toBe(9);
    await clock.advance(1);
    await settled();
    expect(bodies(calls)).toEqual([[numbered(1)], [numbered(2), numbered(3)]]);
    calls[1]?.resolve();
    await clock.advance(100);
    void publisher.publish('t', 'k', numbered(4));
    await settled();
    expect(calls).toHaveLength(3);
  });

  it('C16: publishes at the beats of the pace, as every process does; what may come later at one beat of four', async () => {
    const { bus, calls } = heldBus(2);
    const { publisher, clock } = publisherOn({ ...bus, publishPaceMs: 15 });
    await clock.advance(60 - (clock.now() % 60) + 10);
    const other = ['a', 'b', 'c', 'd'].find((key) => shardOf(key, 2) !== shardOf('k', 2)) ?? '';
    void publisher.publish('t', 'k', numbered(1));
    void publisher.publishSoon('t', other, numbered(2));
    await settled();
    expect(bodies(calls)).toEqual([[numbered(1)], [numbered(2)]]);
    for (const { resolve } of calls) resolve();
    void publisher.publishSoon('t', 'k', numbered(3));
    void publisher.publishSoon('t', other, numbered(4));
    void publisher.publish('t', 'k', numbered(5));
    await clock.advance(19);
    expect(calls).toHaveLength(2);
    await clock.advance(1);
    expect(bodies(calls.slice(2))).toEqual([[numbered(5)]]);
    calls[2]?.resolve();
    await clock.advance(29);
    expect([calls.length, publisher.waiting, publisher.early]).toEqual([3, 2, 2]);
    const idle = publisher.idle();
    await clock.advance(1);
    await settled();
    expect(bodies(calls.slice(3))).toEqual([[numbered(3)], [numbered(4)]]);
    for (const { resolve } of calls) resolve();
    await idle;
  });

  it('does not let one shard wait for another', async () => {
    const { bus, calls } = heldBus(2);
    const { publisher } = publisherOn(bus);
    const other = keyOfOther('k');
    void publisher.publish('t', 'k', numbered(1));
    void publisher.publish('t', other, numbered(2));
    await settled();
    expect(calls).toHaveLength(2);
  });

  it('C16: says how long the oldest event of a shard has waited that is not durable, whatever comes behind it or in other shards', async () => {
    const { bus, calls } = heldBus(2);
    const { publisher, clock } = publisherOn(bus);
    expect(publisher.delayOf('t', 'k')).toBe(0);
    void publisher.publish('t', 'k', numbered(1));
    const other = keyOfOther('k');
    await clock.advance(300);
    expect(publisher.delayOf('t', other)).toBe(0);
    expect(publisher.delayOf('another', 'k')).toBe(0);
    void publisher.publish('t', 'k', numbered(2));
    expect(publisher.delayOf('t', 'k')).toBe(300);
    calls[0]?.resolve();
    await settled();
    await clock.advance(100);
    expect(publisher.delayOf('t', 'k')).toBe(100);
    calls[1]?.resolve();
    await settled();
    expect(publisher.delayOf('t', 'k')).toBe(0);
  });

  it('C1: resolves only when the bus has answered', async () => {
    const { bus, calls } = heldBus();
    const { publisher } = publisherOn(bus);
    let done = false;
    void publisher.publish('t', 'k', numbered(0)).then(() => {
      done = true;
    });
    await settled();
    expect(done).toBe(false);
    calls[0]?.resolve();
    await settled();
    expect(done).toBe(true);
  });

  it('C5, C12: fails everything behind a failed publish, so that nothing overtakes it, then goes on', async () => {
    const { bus, calls } = heldBus();
    const { publisher } = publisherOn(bus);
    const first = publisher.publish('t', 'k', numbered(1));
    await settled();
    const second = publisher.publish('t', 'k', numbered(2));
    const outcomes = Promise.allSettled([first, second]);
    calls[0]?.reject(new ImError('bus_unavailable', 'gone'));
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls).toHaveLength(1);
    const third = publisher.publish('t', 'k', numbered(3));
    await settled();
    calls[1]?.resolve();
    await third;
    expect(bodies(calls)[1]).toEqual([numbered(3)]);
  });

  it('C12: gives a sender a retryable error within the deadline when the bus does not answer', async () => {
    const { bus } = heldBus();
    const { clock, publisher } = publisherOn(bus);
    const outcome = publisher.publish('t', 'k', numbered(0)).catch((error: ImError) => error);
    await clock.advance(DEFAULT_LIMITS.publishDeadlineMs);
    expect(await outcome).toMatchObject({ code: 'bus_unavailable', retry: 'backoff' });
    expect(publisher.waiting).toBe(0);
  });

  it('C16: bounds a batch in events and in size', async () => {
    const { bus, calls } = heldBus();
    const { publisher } = publisherOn(bus);
    const big = { ...numbered(0), deviceId: 'x'.repeat(DEFAULT_LIMITS.maxBatchBytes / 2) };
    for (let n = 0; n < DEFAULT_LIMITS.maxBatchEvents + 1; n++) void publisher.publish('t', 'small', numbered(n));
    await settled();
    calls[0]?.resolve();
    await settled();
    for (const call of calls.slice(1)) call.resolve();
    expect(bodies(calls).map((body) => body.length)).toEqual([DEFAULT_LIMITS.maxBatchEvents, 1]);
    await publisher.idle();
    for (let n = 0; n < 2; n++) void publisher.publish('t', 'small', big);
    await settled();
    expect(bodies(calls)[2]).toHaveLength(1);
  });

  it('C12, C16: fails whatever waits behind a failed publish, however much it is, and goes on', async () => {
    const { bus, calls } = heldBus();
    const { publisher } = publisherOn(bus);
    const first = publisher.publish('t', 'k', numbered(0));
    await settled();
    const behind = Array.from({ length: 200_000 }, (_, n) => publisher.publish('t', 'k', numbered(n)));
    const outcomes = Promise.allSettled([first, ...behind]);
    calls[0]?.reject(new ImError('bus_unavailable', 'away'));
    expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true);
    expect(publisher.waiting).toBe(0);
    void publisher.publish('t', 'k', numbered(1));
    await settled();
    expect(calls).toHaveLength(2);
  });

  it('puts back what belongs to one shard as one bus message, and no more than a batch may hold', async () => {
    const { bus, calls } = heldBus(2);
    const { publisher } = publisherOn(bus);
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    const events = keys.map((key, n) => ({ key, event: numbered(n) }));
    const put = publisher.publishLater('t', events, 500);
    const shards = calls.map(({ publication }) => publication.shard);
    expect(shards.toSorted()).toEqual([0, 1]);
    for (const { publication } of calls) {
      const own = keys.filter((key) => shardOf(key, 2) === publication.shard);
      expect(publication.delayMs).toBe(500);
      expect(decodeEvents(publication.body)).toEqual(own.map((key) => numbered(keys.indexOf(key))));
    }
    for (const { resolve } of calls.splice(0)) resolve();
    await put;
    const many = Array.from({ length: DEFAULT_LIMITS.maxBatchEvents + 1 }, (_, n) => ({
      key: 'a',
      event: numbered(n),
    }));
    void publisher.publishLater('t', many, 500);
    expect(bodies(calls).map(({ length }) => length)).toEqual([DEFAULT_LIMITS.maxBatchEvents, 1]);
  });

  it('C3: an event that cannot be written down is its own failure, and holds nobody up', async () => {
    const { bus, calls } = heldBus();
    const { publisher } = publisherOn(bus);
    let deep: unknown = {};
    for (let depth = 0; depth < 50_000; depth++) deep = { deep };
    const before = publisher.publish('t', 'k', numbered(1));
    const failed = publisher.publish('t', 'k', { ...numbered(0), epoch: deep as string });
    const after = publisher.publish('t', 'k', numbered(2));
    await expect(failed).rejects.toMatchObject({ code: 'unprocessable' });
    await settled();
    calls[0]?.resolve();
    await Promise.all([before, after]);
    expect(bodies(calls)).toEqual([[numbered(1), numbered(2)]]);
  });

  it('C12: a bus that throws instead of rejecting fails its publish, and the shard goes on', async () => {
    const { bus, calls } = heldBus();
    const { publish } = bus;
    bus.publish = () => {
      throw new TypeError('a fault of an adapter');
    };
    const { publisher } = publisherOn(bus);
    await expect(publisher.publish('t', 'k', numbered(1))).rejects.toMatchObject({ code: 'bus_unavailable' });
    bus.publish = publish;
    const next = publisher.publish('t', 'k', numbered(2));
    await settled();
    calls[0]?.resolve();
    await next;
  });
});
