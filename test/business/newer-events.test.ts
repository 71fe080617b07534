import { createManualClock } from '@chasqui/contracts';

import { CONVERSATION_RULES, EventConsumer, joinEvents, KEPT_MS } from '@chasqui/core';
import { CONVERSATION_TOPIC, ImError } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { createMemoryBus } from '@chasqui/memory';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

interface Named {
  name: string;
  v?: number;
}

const { eventOf: _, ...ordered } = CONVERSATION_RULES;
const topic = CONVERSATION_TOPIC;
const group = 'g';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const HOLD_MS = CONVERSATION_RULES.holdMs ?? 0;

/** One shard, and processes of any version: version n knows the formats up to n. */
function stage() {
  const clock = createManualClock();
  const bus = createMemoryBus({ clock, random: () => 0.5, shards: 1, retentionMs: 1e12 });
  const done: { event: Named; redelivered: boolean; publishedAt: number }[] = [];
  const trouble: { error: unknown } = { error: undefined };
  const start = (version: number) => {
    const connection = bus.connect();
    const events = new EventConsumer<Named>({
      topic,
      bus: connection,
      clock,
      logger: silentLogger,
      rules: {
        ...ordered,
        verdictOf(value) {
          const { name, v = 1 } = value as Named;
          if (v > version) return 'newer';
          return name === undefined ? { fault: 'it has no name' } : 'sound';
        },
      },
      async handle(received) {
        if (trouble.error !== undefined) throw trouble.error;
        for (const { event, redelivered, publishedAt } of received) done.push({ event, redelivered, publishedAt });
      },
    });
    const consumer = connection.consume({ topic, group, handle: (batch) => events.handle(batch) });
    return { events, stop: () => consumer[Symbol.asyncDispose](), kill: () => connection.kill() };
  };
  const publish = (...all: Named[]) =>
    bus.publish({ topic, shard: 0, body: joinEvents(all.map((event) => JSON.stringify(event))) });
  const names = () => done.map(({ event }) => event.name);
  const letters = () => bus.deadLetters(topic, group, 100);
  return { clock, bus, done, trouble, start, publish, names, letters };
}

const known = (name: string): Named => ({ name });
const newer = (name: string): Named => ({ v: 2, name });

describe('an event of a newer version', () => {
  test('C3, C5: is left to a process that knows it; if one comes soon, nothing overtakes it', async () => {
    const { clock, start, publish, names, done, letters } = stage();
    const old = start(1);
    await publish(known('a1'), newer('a2'), known('a3'));
    await publish(known('a4'));
    await clock.advance(MINUTE_MS);
    await publish(newer('a5'), known('a6'));
    await clock.advance(MINUTE_MS - 10_000);
    expect(done).toEqual([]);
    await old.stop();
    start(2);
    await clock.advance(11_000);
    expect(names()).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6']);
    expect(await letters()).toEqual([]);
  });

  test('C3: holds its shard no longer than an upgrade takes, and is still handled a day later', async () => {
    const { clock, start, publish, names, letters } = stage();
    const old = start(1);
    await publish(known('a1'), newer('a2'), known('a3'));
    await clock.advance(HOLD_MS + 11_000);
    await publish(known('a4'));
    await clock.advance(1_000);
    expect(names()).toEqual(['a1', 'a3', 'a4']);
    await clock.advance(24 * HOUR_MS);
    await old.stop();
    start(2);
    await clock.advance(MINUTE_MS);
    expect(names()).toEqual(['a1', 'a3', 'a4', 'a2']);
    expect(await letters()).toEqual([]);
  });

  test('C16: that no process knows for a week goes to the dead letters, as it came and with the reason', async () => {
    const { clock, start, bus, names, letters } = stage();
    start(1);
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    const first = clock.now() - KEPT_MS + 10 * MINUTE_MS;
    const text = `{"firstPublishedAt":${first},"name":"x","v":2, "later":{"a":${deep}}}`;
    await bus.publish({ topic, shard: 0, body: `[${JSON.stringify(known('b1'))}, ${text} ]` });
    await clock.advance(9 * MINUTE_MS);
    expect(await letters()).toEqual([]);
    await clock.advance(2 * MINUTE_MS);
    const [letter, ...others] = await letters();
    expect(others).toEqual([]);
    expect(letter?.error).toContain('of a newer version');
    expect(letter?.body).toContain(text);
    expect(names()).toEqual(['b1']);
    expect(await bus.lag(topic, group)).toEqual([]);
  });

  test('C16: does not become many while a store is away, nor does what is malformed beside it', async () => {
    const { clock, start, trouble, publish, names, letters } = stage();
    trouble.error = new ImError('store_unavailable', 'away');
    const old = start(1);
    await publish(newer('a1'), known('b1'), {} as Named);
    await clock.advance(HOUR_MS);
    trouble.error = undefined;
    await clock.advance(MINUTE_MS);
    await old.stop();
    start(2);
    await clock.advance(2 * MINUTE_MS);
    expect(names().sort()).toEqual(['a1', 'b1']);
    expect(await letters()).toHaveLength(1);
  });

  test('is named with its shard from the first try on, and not by a process that it left', async () => {
    const { clock, start, publish } = stage();
    const old = start(1);
    expect(old.events.troubles().newer).toEqual([]);
    await publish(newer('a1'));
    for (const seconds of [1, 5, 30, 300, 3_600]) {
      await clock.advance(seconds * 1_000);
      expect(old.events.troubles().newer).toEqual([
        expect.stringMatching(/^shard 0 of conversation has had events of a newer version for \d+ s$/),
      ]);
    }
    await old.stop();
    const next = start(2);
    await clock.advance(2 * MINUTE_MS);
    expect([old.events.troubles().newer, next.events.troubles().newer]).toEqual([[], []]);
  });

  test('C3: is handed out as redelivered after it was put back, with the time of its first publish', async () => {
    const { clock, start, publish, done } = stage();
    const old = start(1);
    const first = clock.now();
    await publish(newer('a1'));
    await clock.advance(HOUR_MS);
    await old.stop();
    start(2);
    await clock.advance(2 * MINUTE_MS);
    expect(done).toMatchObject([{ redelivered: true, publishedAt: first }]);
  });

  test('C3, C5: upgrades, rollbacks and deaths in whatever order lose nothing, and for 2 minutes nothing overtakes', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ isNewer: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ version: fc.constantFrom(1, 2), kill: fc.boolean() }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { clock, start, publish, names, letters } = stage();
        const published: string[] = [];
        let process = start(1);
        for (const one of steps) {
          if ('version' in one) {
            if (one.kill) process.kill();
            else await process.stop();
            process = start(one.version);
          } else {
            published.push(`${published.length}`);
            await publish((one.isNewer ? newer : known)(published.at(-1) as string));
          }
          await clock.advance(300);
        }
        await process.stop();
        start(2);
        await clock.advance(MINUTE_MS);
        // A process that died may have handled some before: only the first handling counts.
        expect([...new Set(names())]).toEqual(published);
        expect(await letters()).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
