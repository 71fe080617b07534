import { expect, test } from 'vitest';
import type { Received } from '../proxy/bus-proxy.ts';
import { DeliveryTrust } from './trust.ts';

function received(more: Partial<Received>): Received {
  const rest = { messageId: 'id', handle: 'h', messageGroup: 'g', bornAt: 0, properties: {}, body: Buffer.from('[]') };
  return { ...rest, queueId: 0, queueOffset: 0, attempt: 1, storedAt: 1_000, ...more };
}

function judge(trust: DeliveryTrust, ...messages: Partial<Received>[]): boolean[] {
  return trust.judge({ messages: messages.map(received), answeredAt: 2_000 }).map(({ redelivered }) => redelivered);
}

test('C3: as long as nobody knows when the broker started, nothing counts as a first delivery', () => {
  expect(judge(new DeliveryTrust(), {})).toEqual([true]);
});

test('C3: what was stored before the broker started may have been handed out before', () => {
  const trust = new DeliveryTrust();
  trust.brokerStartedAt(1_000);
  expect(judge(trust, { storedAt: 999 }, { storedAt: 1_000 })).toEqual([true, false]);
});

test('C3: what was in its queue when an earlier one came again may have been handed out with that one', () => {
  const trust = new DeliveryTrust();
  trust.brokerStartedAt(0);
  expect(judge(trust, { attempt: 2 }, { queueId: 1 })).toEqual([true, false]);
  expect(judge(trust, { queueOffset: 1 }, { queueId: 1, queueOffset: 1 })).toEqual([true, false]);
  expect(judge(trust, { queueOffset: 2, storedAt: 2_000 })).toEqual([false]);
});
