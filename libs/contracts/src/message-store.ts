import { describe } from 'vitest';
import { editTests } from './message-store-edits.ts';
import type { MessageStoreHarness } from './message-store-fixture.ts';
import { pageTests } from './message-store-pages.ts';
import { statusTests } from './message-store-status.ts';

/** Everything that `MessageStore` promises, and `MessageLocator` where the store implements it. */
export function messageStoreContract(name: string, harness: MessageStoreHarness): void {
  describe(`MessageStore: ${name}`, { timeout: harness.timeoutMs ?? 60_000 }, () => {
    describe('messages and pages', () => pageTests(harness));
    describe('statuses, steps and recalls', () => statusTests(harness));
    describe('edits', () => editTests(harness));
  });
}
