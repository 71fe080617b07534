import { createManualClock } from '@chasqui/contracts';
import { CONVERSATION_RULES, EventConsumer, FOLLOW_MS, joinEvents, KEPT_MS } from '@chasqui/core';
import { CONVERSATION_TOPIC, ImError } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { createMemoryBus } from '@chasqui/memory';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

interface Named {
  conversationId: string;
  name: string;
  v?: number;
}

const { eventOf: _, ...ordered } = CONVERSATION_RULES;
const topic = CONVERSATION_TOPIC;
const group = 'g';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** One shard, and processes of whatever version: version n knows the formats up to n. */
function stage() {
  const clock = createManualClock();
  const bus = createMemoryBus({ clock, random: () => 0.5, shards: 1, retentionMs: 1e12 });
  /** What was handled, with the version of its process. */
  const done: { event: Named; by: number; redelivered: boolean }[] = [];
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
        for (const { event, redelivered } of received) done.push({ event, by: version, redelivered });
      },
    });
    const consumer = connection.consume({ topic, group, handle: (batch) => events.handle(batch) });
    return { events, stop: () => consumer[Symbol.asyncDispose](), kill: () => connection.kill() };
  };
  const publish = (...all: Named[]) =>
    bus.publish({ topic, shard: 0, body: joinEvents(all.map((event) => JSON.stringify(event))) });
  const names = (conversation?: string) =>
    done.flatMap(({ event: { conversationId, name } }) =>
      conversationId === (conversation ?? conversationId) ? name : [],
    );
  const letters = () => bus.deadLetters(topic, group, 100);
  return { clock, bus, done, trouble, start, publish, names, letters };
}

const known = (conversationId: string, name: string): Named => ({ conversationId, name });
const newer = (conversationId: string, name: string): Named => ({ v: 2, conversationId, name });

describe('an event of a newer version', () => {
  test('C3, C5: is left to a process that knows it, what is behind it in its conversation too; others go on', async () => {
    const { clock, start, publish, names, done, letters } = stage();
    const old = start(1);
    await publish(known('a', 'a1'), newer('a', 'a2'), known('a', 'a3'), known('b', 'b1'));
    await publish(known('a', 'a4'), known('b', 'b2'));
    await clock.advance(20_000);
    await publish(known('a', 'a5'), newer('b', 'b3'), known('c', 'c1'));
    await clock.advance(20_000);
    expect(names()).toEqual(['a1', 'b1', 'b2', 'c1']);
    await old.stop();
    start(2);
    await clock.advance(20_000);
    expect(names('a')).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
    expect(names('b')).toEqual(['b1', 'b2', 'b3']);
    expect(done).toHaveLength(9);
    expect(await letters()).toEqual([]);
  });

  test('C3: holds its conversation up no longer than an upgrade takes, and is still handled a day later', async () => {
    const { clock, start, publish, names, letters } = stage();
    const old = start(1);
    await publish(newer('a', 'a1'), known('a', 'a2'));
    await clock.advance(FOLLOW_MS - 1_000);
    expect(names()).toEqual([]);
    await clock.advance(2 * MINUTE_MS);
    await publish(known('a', 'a3'));
    await clock.advance(1_000);
    expect(names()).toEqual(['a2', 'a3']);
    await clock.advance(24 * HOUR_MS);
    await old.stop();
    start(2);
    await clock.advance(2 * MINUTE_MS);
    expect(names()).toEqual(['a2', 'a3', 'a1']);
    expect(await letters()).toEqual([]);
  });

  test('C16: that no process knows for a week goes to the dead letters, as it came and with the reason', async () => {
    const { clock, start, bus, names, letters } = stage();
    start(1);
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    const since = clock.now() - KEPT_MS + 10 * MINUTE_MS;
    const text = `{"waitsSince":${since},"conversationId":"a","name":"x","v":2, "later":{"a":${deep}}}`;
    await bus.publish({ topic, shard: 0, body: `[${JSON.stringify(known('b', 'b1'))}, ${text} ]` });
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

  test('C16: does not become many while a store is away', async () => {
    const { clock, start, trouble, publish, names } = stage();
    trouble.error = new ImError('store_unavailable', 'away');
    const old = start(1);
    await publish(newer('a', 'a1'), known('b', 'b1'));
    await clock.advance(HOUR_MS);
    trouble.error = undefined;
    await clock.advance(MINUTE_MS);
    await old.stop();
    start(2);
    await clock.advance(2 * MINUTE_MS);
    expect(names().sort()).toEqual(['a1', 'b1']);
  });

  test('is named with its shard while it waits, and not by a process that it left', async () => {
    const { clock, start, publish } = stage();
    const old = start(1);
    expect(old.events.troubles().newer).toEqual([]);
    await publish(newer('a', 'a1'));
    for (const seconds of [30, 3_600]) {
      await clock.advance(seconds * 1_000);
      const [line, ...others] = old.events.troubles().newer;
      expect(line).toMatch(/^shard 0 of conversation has had events of a newer version for \d+ s$/);
      expect(others).toEqual([]);
    }
    await old.stop();
    const next = start(2);
    await clock.advance(2 * MINUTE_MS);
    expect([old.events.troubles().newer, next.events.troubles().newer]).toEqual([[], []]);
  });

  test('C3: what was put back may have been done in part before: it is handed out as redelivered', async () => {
    const { clock, start, publish, done } = stage();
    const old = start(1);
    await publish(newer('a', 'a1'), known('a', 'a2'));
    await clock.advance(1_000);
    await old.stop();
    start(2);
    await clock.advance(5_000);
    expect(done.map(({ redelivered }) => redelivered)).toEqual([true, true]);
  });

  test('C3: upgrades, rollbacks and deaths in whatever order lose nothing', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ conversation: fc.constantFrom('a', 'b', 'c'), isNewer: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ version: fc.constantFrom(1, 2), kill: fc.boolean() }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { clock, start, publish, names, letters } = stage();
        const published: Named[] = [];
        let process = start(1);
        for (const one of steps) {
          if ('version' in one) {
            if (one.kill) process.kill();
            else await process.stop();
            process = start(one.version);
            await clock.advance(one.kill ? 11_000 : 0);
          } else {
            const make = one.isNewer ? newer : known;
            const event = make(one.conversation, `${published.length}`);
            published.push(event);
            await publish(event);
            await clock.advance(300);
          }
        }
        await process.stop();
        start(2);
        await clock.advance(3 * MINUTE_MS);
        expect([...new Set(names())].map(Number).sort((a, b) => a - b)).toEqual(published.map((_, n) => n));
        expect(await letters()).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
