import { createManualClock } from '@chasqui/contracts';
import { expect, test } from 'vitest';
import { AddressGuard } from './address-guard.ts';

const limits = {
  maxConnectionsPerAddress: 2,
  failedLoginsPerSecond: 1,
  failedLoginBurst: 3,
  anonymousWorkPerSecond: 1_000,
  anonymousWorkBurst: 1_000,
};

function guarded(more: Partial<typeof limits> = {}) {
  const clock = createManualClock();
  return { clock, guard: new AddressGuard({ clock, limits: { ...limits, ...more } }) };
}

test('C16: an address has its share of connections, others theirs, and what closes makes room', () => {
  const { guard } = guarded();
  expect(['192.0.2.1', '192.0.2.1', '192.0.2.1'].map((from) => guard.open(from))).toEqual([true, true, false]);
  expect(guard.open('192.0.2.2')).toBe(true);
  guard.closed('192.0.2.1');
  expect(guard.open('192.0.2.1')).toBe(true);
  expect(guard.open('192.0.2.1')).toBe(false);
});

test('C16: a client that has a whole IPv6 network is one client', () => {
  const { guard } = guarded();
  const from = ['2001:db8::1', '2001:db8::2:0:0:1', '2001:db8:0:0:ffff::', '2001:db8:0:1::1'];
  expect(from.map((address) => guard.open(address))).toEqual([true, true, false, true]);
});

test('C16: after too many failed log-ins an address waits, and no other', async () => {
  const { clock, guard } = guarded();
  for (let i = 0; i < 3; i++) guard.failed('192.0.2.1');
  expect(guard.waitMs('192.0.2.1')).toBe(0);
  guard.failed('192.0.2.1');
  expect(guard.waitMs('192.0.2.1')).toBe(1_000);
  expect(guard.waitMs('192.0.2.2')).toBe(0);
  await clock.advance(999);
  expect(guard.waitMs('192.0.2.1')).toBe(1);
  await clock.advance(1);
  expect(guard.waitMs('192.0.2.1')).toBe(0);
});

test('C16: of more addresses than are remembered, the first is forgotten', () => {
  const { guard } = guarded();
  for (let i = 0; i < 4; i++) guard.failed('192.0.2.1');
  expect(guard.waitMs('192.0.2.1')).toBeGreaterThan(0);
  for (let i = 0; i < 50_000; i++) guard.failed(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
  expect(guard.waitMs('192.0.2.1')).toBe(0);
});

test('C16: an address that does not log in has so much work done for it, and others theirs', async () => {
  const { clock, guard } = guarded({ maxConnectionsPerAddress: 1e6 });
  let opened = 0;
  while (opened < 1_000 && guard.open('192.0.2.1')) {
    guard.frame('192.0.2.1', 2);
    opened++;
  }
  // Each connection costs 32 units, out of 1,000.
  expect(opened).toBe(32);
  expect(guard.waitMs('192.0.2.1')).toBeGreaterThan(0);
  expect(guard.open('192.0.2.2')).toBe(true);
  await clock.advance(1_000);
  expect(guard.open('192.0.2.1')).toBe(true);
});

test('C16: log-ins that succeed cost their address next to nothing', () => {
  const { guard } = guarded({ maxConnectionsPerAddress: 1e6, anonymousWorkBurst: 10_000 });
  let opened = 0;
  for (; opened < 4_000 && guard.open('192.0.2.1'); opened++) {
    guard.frame('192.0.2.1', 2);
    guard.loggedIn('192.0.2.1');
  }
  expect(opened).toBe(4_000);
});

test('C16: who has rested is forgotten, and nobody before', async () => {
  const { clock, guard } = guarded();
  for (let n = 0; n < 40; n++) guard.frame('192.0.2.1', 20);
  guard.sweep();
  expect(guard.waitMs('192.0.2.1')).toBeGreaterThan(0);
  await clock.advance(3_000);
  guard.sweep();
  expect(guard.waitMs('192.0.2.1')).toBe(0);
});
