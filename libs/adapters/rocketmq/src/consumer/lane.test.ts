import { createManualClock } from '@chasqui/contracts';
import { ImError } from '@chasqui/domain';
import { expect, test } from 'vitest';
import type { Received } from '../proxy/exchange.ts';
import { type Held, Lane } from './lane.ts';

const HOLD_MS = 9_000;

function held(offset: number): Held {
  const rest = { messageGroup: 'g', bornAt: 0, storedAt: 0, properties: {}, body: Buffer.from('[]') };
  const received = { ...rest, messageId: `m${offset}`, handle: `h${offset}.0`, queueId: 0, queueOffset: offset };
  return { received, ageMs: 100, redelivered: false };
}

const offsetsOf = (messages: readonly Received[]) => messages.map(({ queueOffset }) => queueOffset);

/** A lane over an engine whose behaviour the test sets. */
function setUp(handle: (offsets: number[], batch: readonly Held[]) => Promise<void> | void, maxBatch = 2) {
  const clock = createManualClock();
  const acked: number[] = [];
  const holds: [offset: number, ms: number][] = [];
  const buried: number[] = [];
  const engine = { isAway: false, renewals: 0, idle: 0 };
  const answer = () => {
    if (engine.isAway) throw new ImError('bus_unavailable', 'away');
  };
  const lane = new Lane({
    clock,
    random: () => 0.5,
    maxBatch,
    holdMs: HOLD_MS,
    work: {
      handle: async (batch) => handle(offsetsOf(batch.map(({ received }) => received)), batch),
      bury: async ({ received }) => {
        answer();
        buried.push(received.queueOffset);
      },
      ack: async (messages) => {
        answer();
        acked.push(...offsetsOf(messages));
        return [];
      },
      hold: async (message, ms) => {
        answer();
        holds.push([message.queueOffset, ms]);
        return `h${message.queueOffset}.${++engine.renewals}`;
      },
      idle: () => void engine.idle++,
    },
  });
  return { clock, lane, acked, holds, buried, engine };
}

const gate = () => Promise.withResolvers<void>();

test('C5: what is in hand is handled in order, and said to be done batch by batch', async () => {
  const seen: number[][] = [];
  const { clock, lane, acked, engine } = setUp((offsets) => void seen.push(offsets));
  lane.take([held(0), held(1), held(2)]);
  await clock.advance(0);
  expect(seen).toEqual([[0, 1], [2]]);
  expect(acked).toEqual([0, 1, 2]);
  expect(engine.idle).toBe(1);
  expect(lane.isBusy).toBe(false);
});

test('while a handler runs, everything in hand is renewed, so that nobody else gets any of it', async () => {
  const { promise, resolve } = gate();
  const { clock, lane, holds, acked } = setUp(() => promise);
  lane.take([held(0), held(1), held(2)]);
  await clock.advance(5 * HOLD_MS);
  expect(holds.length).toBeGreaterThanOrEqual(3 * 14);
  expect(new Set(holds.map(([offset]) => offset))).toEqual(new Set([0, 1, 2]));
  resolve();
  await clock.advance(0);
  expect(acked).toEqual([0, 1, 2]);
});

test('C5: when the hold was lost, the rest is left to whoever has the shard now', async () => {
  const seen: number[][] = [];
  const { promise, resolve } = gate();
  const { clock, lane, engine, acked } = setUp((offsets) => {
    seen.push(offsets);
    return promise;
  });
  lane.take([held(0), held(1), held(2)]);
  await clock.advance(0);
  engine.isAway = true;
  await clock.advance(HOLD_MS + 1);
  resolve();
  await clock.advance(0);
  expect(seen).toEqual([[0, 1]]);
  expect(acked).toEqual([]);
  expect(lane.isBusy).toBe(false);
});

test('C5: given out anew to ourselves while a handler runs: one handler at a time, marked as redelivered', async () => {
  const seen: [number[], boolean[]][] = [];
  const gates = [gate(), gate()];
  const { clock, lane, acked } = setUp((offsets, batch) => {
    seen.push([offsets, batch.map(({ redelivered }) => redelivered)]);
    return gates[seen.length - 1]?.promise;
  }, 8);
  lane.take([held(0), held(1)]);
  await clock.advance(0);
  lane.take([held(0), held(1), held(2)]);
  await clock.advance(0);
  expect(seen).toHaveLength(1);
  gates[0]?.resolve();
  await clock.advance(0);
  expect(acked).toEqual([]);
  expect(seen[1]).toEqual([
    [0, 1, 2],
    [true, true, false],
  ]);
  gates[1]?.resolve();
  await clock.advance(0);
  expect(acked).toEqual([0, 1, 2]);
});

test('a word of what is done that was lost is said again, before anything else is handled', async () => {
  const seen: number[][] = [];
  const { clock, lane, acked, engine } = setUp((offsets) => void seen.push(offsets));
  engine.isAway = true;
  lane.take([held(0), held(1), held(2)]);
  await clock.advance(1_000);
  expect(seen).toEqual([[0, 1]]);
  engine.isAway = false;
  await clock.advance(2_000);
  expect(seen).toEqual([[0, 1], [2]]);
  expect(acked).toEqual([0, 1, 2]);
});

test('a handler that fails and fails gives another member the chance', async () => {
  let failures = 0;
  const { clock, lane, holds } = setUp(() => {
    failures++;
    throw new Error('not now');
  });
  lane.take([held(0), held(1), held(2)]);
  await clock.advance(60_000);
  expect(failures).toBe(9);
  const givenBack = holds.slice(-3);
  expect(givenBack.map(([offset]) => offset)).toEqual([0, 1, 2]);
  for (const [, ms] of givenBack) expect(ms).toBeGreaterThanOrEqual(5_000);
  expect(lane.isBusy).toBe(false);
});

test('what can never be handled is buried before it is said to be done', async () => {
  const { clock, lane, acked, buried, engine } = setUp(() => {
    throw new ImError('content_invalid', 'never');
  }, 1);
  engine.isAway = true;
  lane.take([held(0)]);
  await clock.advance(1_000);
  expect(acked).toEqual([]);
  engine.isAway = false;
  await clock.advance(2_000);
  expect([buried, acked]).toEqual([[0], [0]]);
});

test('C14: retired, it finishes what is handled and gives back the rest', async () => {
  const { promise, resolve } = gate();
  const { clock, lane, acked, holds } = setUp(() => promise);
  lane.take([held(0), held(1), held(2)]);
  await clock.advance(0);
  const retiring = lane.retire();
  resolve();
  await retiring;
  expect(acked).toEqual([0, 1]);
  expect(holds).toEqual([[2, 0]]);
});

test('C3: what a handler has had is given back when it is so old that others can tell', async () => {
  const { clock, lane, holds } = setUp(() => {
    throw new Error('not now');
  });
  lane.take([held(0), held(1), held(2)]);
  await clock.advance(50);
  await lane.retire();
  expect(holds).toEqual([0, 1, 2].map((offset) => [offset, HOLD_MS - 150]));
});

test('C14: retired while the engine is away, it ends within seconds', async () => {
  const { clock, lane, engine, acked } = setUp(() => {});
  engine.isAway = true;
  lane.take([held(0)]);
  let isRetired = false;
  void lane.retire().then(() => {
    isRetired = true;
  });
  await clock.advance(4_000);
  expect(isRetired).toBe(true);
  expect(acked).toEqual([]);
});
