import { createManualClock } from '@chasqui/contracts';
import { decodeEvents, EventConsumer, eventText, joinEvents, type ReceivedEvent, STALL_MS } from '@chasqui/core';
import { CONVERSATION_TOPIC, ImError } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { createMemoryBus } from '@chasqui/memory';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

interface Named {
  name: string;
  parts?: string[];
}

const topic = CONVERSATION_TOPIC;

/** A consumer of named events on a bus of one shard; the events that `failures` names fail. */
function stage({ divide = false, maxBatch = 64 } = {}) {
  const clock = createManualClock();
  const bus = createMemoryBus({ clock, random: () => 0.5, shards: 1, retentionMs: 1e12 });
  const failures = new Map<string, () => unknown>();
  const done: string[] = [];
  const given: string[] = [];
  const tries: ReceivedEvent<Named>[][] = [];
  const events = new EventConsumer<Named>({
    topic,
    bus,
    clock,
    logger: silentLogger,
    rules: {
      verdictOf: (value) => (typeof (value as Named | null)?.name === 'string' ? 'sound' : { fault: 'it has no name' }),
    },
    async handle(received) {
      tries.push([...received]);
      const fail = received.flatMap(({ event: { name, parts = [] } }) =>
        [name, ...parts].flatMap((one) => failures.get(one) ?? []),
      )[0];
      if (fail !== undefined) throw fail();
      done.push(...received.map(({ event }) => event.name));
    },
    async givenUp({ name }, reason) {
      given.push(`${name}: ${reason}`);
    },
    ...(divide ? { divide: ({ name, parts = [] }) => parts.map((part) => ({ name, parts: [part] })) } : {}),
  });
  const publish = (...all: unknown[]) =>
    bus.publish({ topic, shard: 0, body: joinEvents(all.map((one) => JSON.stringify(one))) });
  const consume = () => bus.consume({ topic, group: 'g', maxBatch, handle: (batch) => events.handle(batch) });
  const letters = async () => (await bus.deadLetters(topic, 'g', 100)).reverse();
  const named = (...names: string[]) => names.map((name) => ({ name }));
  return { clock, bus, events, failures, done, given, tries, publish, consume, letters, named };
}

const PERMANENT: [string, () => unknown][] = [
  ['a RangeError', () => new RangeError('Maximum call stack size exceeded')],
  ['a TypeError', () => new TypeError('x is not a function')],
  ['a value that threads do not take', () => new DOMException('could not be cloned', 'DataCloneError')],
  ['an ImError that is never to be retried', () => new ImError('content_invalid', 'the store refuses it')],
];

describe('no event holds its shard', () => {
  test.each(PERMANENT)(
    'C3: an event that ends in %s is set aside alone; the rest goes on, in order',
    async (_, error) => {
      const { clock, failures, done, given, publish, consume, letters, named } = stage();
      failures.set('bad', error);
      await publish(...named('a', 'b', 'bad', 'c'));
      await publish(...named('d'));
      consume();
      await clock.advance(1_000);
      expect(done).toEqual(['a', 'b', 'c', 'd']);
      const [letter, ...others] = await letters();
      expect(others).toEqual([]);
      expect(decodeEvents(letter?.body ?? '')).toMatchObject([{ event: { name: 'bad' } }]);
      expect(letter?.error).toMatch(/^unprocessable: (handling it ends in a \w+ each time|content_invalid: .*)$/);
      expect(given).toEqual([`bad: ${letter?.error.slice('unprocessable: '.length)}`]);
    },
  );

  test('C3: every culprit is found, wherever it stands, and nothing is handled twice but what failed together', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 6 }),
        async (batches) => {
          const { clock, failures, done, given, tries, publish, consume, letters } = stage();
          const names = batches.map((batch, b) => batch.map((bad, n) => `${bad ? 'bad' : 'good'}-${b}-${n}`));
          for (const name of names.flat()) if (name.startsWith('bad')) failures.set(name, () => new RangeError());
          for (const batch of names) await publish(...batch.map((name) => ({ name })));
          consume();
          await clock.advance(1_000);
          const bad = names.flat().filter((name) => name.startsWith('bad'));
          expect(done).toEqual(names.flat().filter((name) => name.startsWith('good')));
          expect(given.map((line) => line.split(':')[0])).toEqual(bad);
          expect(await letters()).toHaveLength(bad.length);
          for (const received of tries.slice(1)) {
            const seen = new Set(
              tries.slice(0, tries.indexOf(received)).flatMap((one) => one.map((r) => r.event.name)),
            );
            for (const { event, redelivered } of received) if (seen.has(event.name)) expect(redelivered).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('C3: an event that cannot even be written again is set aside as it came', async () => {
    const { clock, failures, done, bus, consume, letters, named } = stage();
    failures.set('deep', () => new RangeError());
    const deep = `{"name":"deep","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    expect(() => JSON.stringify(JSON.parse(deep))).toThrow(RangeError);
    const [before, after] = named('before', 'after').map((one) => JSON.stringify(one)) as [string, string];
    await bus.publish({ topic, shard: 0, body: joinEvents([before, deep, after]) });
    consume();
    await clock.advance(1_000);
    expect(done).toEqual(['before', 'after']);
    expect((await letters()).map(({ body }) => body.includes(deep))).toEqual([true]);
  });

  test('an event of many parts loses the culprit alone', async () => {
    const { clock, failures, done, tries, publish, consume, letters } = stage({ divide: true });
    failures.set('p2', () => new TypeError());
    await publish({ name: 'many', parts: ['p1', 'p2', 'p3'] });
    consume();
    await clock.advance(1_000);
    expect(done).toHaveLength(2);
    expect(tries.at(-1)?.map(({ event }) => event.parts)).not.toContainEqual(['p2']);
    expect((await letters()).map(({ body }) => (decodeEvents(body) as { event: Named }[])[0]?.event.parts)).toEqual([
      ['p2'],
    ]);
  });
});

test('C3: what cannot be known to last is repeated for ever, and nothing is set aside', async () => {
  const { clock, failures, done, given, publish, consume, letters, named } = stage();
  failures.set('b', () => new ImError('store_unavailable', 'away'));
  await publish(...named('a', 'b', 'c'));
  consume();
  await clock.advance(600_000);
  expect([done, given, await letters()]).toEqual([[], [], []]);
  failures.set('b', () => new Error('of a driver'));
  await clock.advance(600_000);
  failures.clear();
  await clock.advance(60_000);
  expect(done).toEqual(['a', 'b', 'c']);
});

test('C3: while the culprit cannot be set aside, the batch comes again', async () => {
  const { clock, bus, failures, done, publish, consume, letters, named } = stage();
  failures.set('bad', () => new RangeError());
  await publish(...named('bad', 'good'));
  const { publish: sound } = bus;
  bus.publish = async () => Promise.reject(new ImError('bus_unavailable', 'away'));
  consume();
  await clock.advance(60_000);
  expect([done, await letters()]).toEqual([[], []]);
  bus.publish = sound;
  await clock.advance(60_000);
  expect([done, (await letters()).length]).toEqual([['good'], 1]);
});

describe('a shard that does not move', () => {
  test('is named after 30 s of failures, and no longer once it moves', async () => {
    const { clock, events, failures, publish, consume, named } = stage();
    failures.set('a', () => new ImError('store_unavailable', 'away'));
    await publish(...named('a'));
    consume();
    await clock.advance(STALL_MS - 1_000);
    expect(events.troubles().stalled).toEqual([]);
    await clock.advance(61_000);
    expect(events.troubles().stalled).toEqual([
      expect.stringMatching(/^shard 0 of conversation has not moved for \d+ s$/),
    ]);
    failures.clear();
    await clock.advance(20_000);
    expect(events.troubles().stalled).toEqual([]);
  });

  test('is named when its handler does not come back', async () => {
    const { clock, bus } = stage();
    const events = new EventConsumer<Named>({
      topic,
      bus,
      clock,
      logger: silentLogger,
      rules: { verdictOf: () => 'sound' },
      handle: () => new Promise(() => {}),
    });
    void events.handle([{ id: '1', topic, shard: 3, body: '[1]', redelivered: false, publishedAt: 0 }]);
    await clock.advance(STALL_MS);
    expect(events.troubles().stalled).toEqual(['shard 3 of conversation has not moved for 30 s']);
  });

  test('is not this process’s any more when nothing of it was handed here for a minute', async () => {
    const { clock, bus } = stage();
    const events = new EventConsumer<Named>({
      topic,
      bus,
      clock,
      logger: silentLogger,
      rules: { verdictOf: () => 'sound' },
      handle: () => Promise.reject(new ImError('store_unavailable', 'away')),
    });
    const delivery = { id: '1', topic, shard: 3, body: '[1]', redelivered: false, publishedAt: 0 };
    await events.handle([delivery]).catch(() => {});
    await clock.advance(STALL_MS);
    expect(events.troubles().stalled).toHaveLength(1);
    await clock.advance(STALL_MS);
    expect(events.troubles().stalled).toEqual([]);
  });
});

test('the text of an event is found as it stands in its bus message', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), (values) => {
      const body = joinEvents(values.map((value) => JSON.stringify(value)));
      expect(values.map((_, index) => eventText(body, index))).toEqual(values.map((value) => JSON.stringify(value)));
      expect(() => eventText(body, values.length)).toThrow(RangeError);
    }),
  );
  expect(eventText(' [ {"a": [1, "]\\""]} , 2 ] ', 1)).toBe('2');
});
