import { createManualClock } from '@chasqui/contracts';
import { expect, test } from 'vitest';
import type { Held } from './consumer/lane.ts';
import { DelayedMessages, firstPublishedAt } from './delayed-messages.ts';
import type { Outgoing } from './proxy/exchange.ts';
import type { Publisher } from './publisher.ts';

const HOUR_MS = 3_600_000;

function setUp() {
  const clock = createManualClock();
  const published: Outgoing[] = [];
  const publisher = { publish: async (outgoing: Outgoing) => void published.push(outgoing) } as unknown as Publisher;
  const places = { topic: 't', waitingTopic: 't-delayed', messageGroups: ['g0', 'g1'] };
  return { clock, published, delayed: new DelayedMessages({ clock, publisher, ...places }) };
}

const message = { body: Buffer.from('["x"]'), properties: { encoding: 'deflate' } };

/** The message as the engine delivers it, with the engine's own properties added. */
function heldOf({ body, properties }: Pick<Outgoing, 'body' | 'properties'>, redelivered = false): Held {
  const rest = {
    messageId: 'm',
    handle: 'h',
    queueId: 0,
    queueOffset: 0,
    messageGroup: undefined,
    bornAt: 0,
    storedAt: 0,
  };
  return { received: { ...rest, body, properties: { ...properties, TIMER_OUT_MS: '5' } }, ageMs: 0, redelivered };
}

test('a message waits in its own topic, and goes into its shard when it is due, no sooner', async () => {
  const { clock, published, delayed } = setUp();
  const start = clock.now();
  await delayed.publish(1, message, 1_500);
  expect(published[0]).toMatchObject({ topic: 't-delayed', deliverAt: start + 1_500, body: message.body });
  await clock.advance(1_000);
  const moving = delayed.move([heldOf(published[0] as Outgoing)]);
  await clock.advance(499);
  expect(published).toHaveLength(1);
  await clock.advance(1);
  await moving;
  const { topic, messageGroup, properties } = published[1] as Outgoing;
  expect([topic, messageGroup, properties.encoding]).toEqual(['t', 'g1', 'deflate']);
  expect(firstPublishedAt(properties)).toBe(start);
  expect(properties).not.toHaveProperty('TIMER_OUT_MS');
  expect(properties).not.toHaveProperty('copy');
});

test('one that may have been moved before says so in its topic', async () => {
  const { published, delayed } = setUp();
  await delayed.publish(0, message, 0);
  await delayed.move([heldOf(published[0] as Outgoing, true)]);
  expect(published[1]?.properties.copy).toBe('1');
});

test('what is due later than the engine can wait waits again', async () => {
  const { clock, published, delayed } = setUp();
  const start = clock.now();
  await delayed.publish(0, message, 30 * HOUR_MS);
  expect(published[0]?.deliverAt).toBe(start + 23 * HOUR_MS);
  await clock.advance(23 * HOUR_MS);
  await delayed.move([heldOf(published[0] as Outgoing)]);
  expect(published[1]).toMatchObject({ topic: 't-delayed', deliverAt: start + 30 * HOUR_MS });
});

test('C16: a clock that is far behind holds nothing up for longer than two seconds', async () => {
  const { clock, published, delayed } = setUp();
  await delayed.publish(0, message, 30_000);
  const moving = delayed.move([heldOf(published[0] as Outgoing)]);
  await clock.advance(2_000);
  await moving;
  expect(published[1]?.topic).toBe('t');
});

test('a message that is not ours can never be moved', async () => {
  const { delayed } = setUp();
  await expect(delayed.move([heldOf(message)])).rejects.toMatchObject({ code: 'content_invalid', retry: 'never' });
});
