import { expect, test } from 'vitest';
import type { Received } from '../proxy/exchange.ts';
import { DeliveryTrust } from './trust.ts';

const NOW = 20_000;

function received(more: Partial<Received>): Received {
  const rest = { messageId: 'id', handle: 'h', messageGroup: 'g', bornAt: 0, properties: {}, body: Buffer.from('[]') };
  return { ...rest, queueId: 0, queueOffset: 0, storedAt: NOW - 10, ...more };
}

function judge(trust: DeliveryTrust, ...messages: Partial<Received>[]): boolean[] {
  return trust.judge({ messages: messages.map(received), answeredAt: NOW }).map(({ redelivered }) => redelivered);
}

test('C3: as long as nobody knows when the broker started, nothing counts as a first delivery', () => {
  expect(judge(new DeliveryTrust(10_000), {})).toEqual([true]);
});

test('C3: what was stored before the broker started may have been handed out before', () => {
  const trust = new DeliveryTrust(10_000);
  trust.brokerStartedAt(NOW - 50);
  expect(judge(trust, { storedAt: NOW - 51 }, { storedAt: NOW - 50 })).toEqual([true, false]);
});

test('C3: what is old enough for a member to have had it and died may have been handed out before', () => {
  const trust = new DeliveryTrust(10_000);
  trust.brokerStartedAt(0);
  expect(judge(trust, { storedAt: NOW - 9_000 }, { storedAt: NOW - 8_999 })).toEqual([true, false]);
});
