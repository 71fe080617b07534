import { describe } from 'vitest';
import { deliveryTests } from './message-bus-delivery.ts';
import { durabilityTests } from './message-bus-durability.ts';
import type { BusHarness } from './message-bus-fixture.ts';
import { groupTests } from './message-bus-groups.ts';
import { memberTests } from './message-bus-members.ts';
import { orderTests } from './message-bus-order.ts';
import { retryTests } from './message-bus-retry.ts';

/** Everything that `MessageBus` promises. */
export function messageBusContract(name: string, harness: BusHarness): void {
  describe(`MessageBus: ${name}`, { timeout: 60_000 }, () => {
    describe('delivery', () => deliveryTests(harness));
    describe('order', () => orderTests(harness));
    describe('failures', () => retryTests(harness));
    describe('groups', () => groupTests(harness));
    describe('members', () => memberTests(harness));
    if (harness.reopen !== undefined) describe('durability', () => durabilityTests(harness));
  });
}
