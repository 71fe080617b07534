import { createManualClock } from '@chasqui/contracts';
import { ImError } from '@chasqui/domain';
import { expect, test } from 'vitest';
import type { BusProxy } from './proxy/bus-proxy.ts';
import type { Outgoing } from './proxy/exchange.ts';
import { Publisher } from './publisher.ts';

interface Sent {
  message: Outgoing;
  deadlineMs: number;
  settle(error?: ImError): void;
}

function setUp(more: { maxWaitingBytes?: number } = {}) {
  const clock = createManualClock();
  const sent: Sent[] = [];
  const proxy = {
    send: (_id: string, _bornAt: number, message: Outgoing, deadlineMs: number) =>
      new Promise<void>((resolve, reject) => {
        sent.push({ message, deadlineMs, settle: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
  } as unknown as BusProxy;
  const options = { proxy, clock, random: () => 0.5, clientId: 'me', publishDeadlineMs: 4_000 };
  const publisher = new Publisher({ ...options, maxWaitingBytes: 1_000, ...more });
  const publish = (text: string, messageGroup = 'g') =>
    publisher.publish({ topic: 't', body: Buffer.from(text), messageGroup, properties: {} });
  const texts = () => sent.map(({ message }) => String(message.body));
  return { clock, sent, publisher, publish, texts };
}

const away = new ImError('bus_unavailable', 'away');

test('C5: of one group, one is under way at a time, in the order of the calls; groups do not wait for each other', async () => {
  const { clock, sent, publish, texts } = setUp();
  const all = Promise.all([publish('a1'), publish('a2'), publish('b1', 'other')]);
  await clock.advance(0);
  expect(texts()).toEqual(['a1', 'b1']);
  sent[0]?.settle();
  await clock.advance(0);
  expect(texts()).toEqual(['a1', 'b1', 'a2']);
  for (const { settle } of sent) settle();
  await all;
});

test('what the engine did not take is tried again, and then says that it may be a copy', async () => {
  const { clock, sent, publish } = setUp();
  const publishing = publish('a');
  await clock.advance(0);
  sent[0]?.settle(away);
  await clock.advance(100);
  sent[1]?.settle();
  await publishing;
  expect(sent.map(({ message }) => message.properties)).toEqual([{}, { copy: '1' }]);
});

test('C12: an attempt without an answer leaves time for another', async () => {
  const { clock, sent, publish } = setUp();
  const publishing = publish('a');
  await clock.advance(2_000);
  sent[0]?.settle(away);
  await clock.advance(100);
  sent[1]?.settle();
  await publishing;
  expect(sent[0]?.deadlineMs).toBe(2_000);
  expect(sent[1]?.deadlineMs).toBeGreaterThan(1_800);
  expect(sent[1]?.deadlineMs).toBeLessThan(2_000);
});

test('C12: at the deadline it fails, whatever is tried; what waits behind fails in its own time', async () => {
  const { clock, sent, publish, publisher } = setUp();
  const first = expect(publish('a')).rejects.toMatchObject({ code: 'bus_unavailable' });
  const second = expect(publish('b')).rejects.toMatchObject({ code: 'bus_unavailable' });
  for (let ms = 0; ms < 4_000; ms += 10) {
    for (const { settle } of sent) settle(away);
    await clock.advance(10);
  }
  await Promise.all([first, second]);
  expect(sent.length).toBeGreaterThan(4);
  await publisher.close();
});

test('what can never succeed is not tried again', async () => {
  const { clock, sent, publish } = setUp();
  const publishing = expect(publish('a')).rejects.toMatchObject({ code: 'content_too_large' });
  await clock.advance(0);
  sent[0]?.settle(new ImError('content_too_large', 'too large'));
  await publishing;
  expect(sent).toHaveLength(1);
});

test('C16: beyond its bytes it refuses, until what waits is gone', async () => {
  const { clock, sent, publish } = setUp({ maxWaitingBytes: 10 });
  const publishing = publish('12345678');
  await expect(publish('1234')).rejects.toMatchObject({ code: 'overloaded', retry: 'backoff' });
  await clock.advance(0);
  sent[0]?.settle();
  await publishing;
  const next = publish('1234');
  await clock.advance(0);
  sent[1]?.settle();
  await next;
});

test('C14: closing does not wait for tries', async () => {
  const { clock, sent, publish, publisher } = setUp();
  const publishing = expect(publish('a')).rejects.toMatchObject({ code: 'bus_unavailable' });
  await clock.advance(0);
  sent[0]?.settle(away);
  await clock.advance(0);
  await publisher.close();
  await publishing;
});
