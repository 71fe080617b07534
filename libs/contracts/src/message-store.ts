import { describe } from 'vitest';
import { abilityTests } from './message-store-abilities.ts';
import { actionBatchTests } from './message-store-batches.ts';
import { contentTests } from './message-store-contents.ts';
import { editTests } from './message-store-edits.ts';
import type { MessageStoreHarness } from './message-store-fixture.ts';
import { memberStatusTests } from './message-store-members.ts';
import { pageTests } from './message-store-pages.ts';
import { recallTests } from './message-store-recalls.ts';
import { restoreTests } from './message-store-restores.ts';
import { statusTests } from './message-store-status.ts';

/** Everything that `MessageStore` promises, and `MessageLocator` where the store implements it. */
export function messageStoreContract(name: string, harness: MessageStoreHarness): void {
  describe(`MessageStore: ${name}`, { timeout: harness.timeoutMs ?? 60_000 }, () => {
    describe('pages', () => pageTests(harness));
    describe('contents', () => contentTests(harness));
    describe('optional abilities', () => abilityTests(harness));
    describe('statuses and steps', () => statusTests(harness));
    describe('statuses of members', () => memberStatusTests(harness));
    describe('recalls', () => recallTests(harness));
    describe('edits', () => editTests(harness));
    describe('restores', () => restoreTests(harness));
    describe('several actions', () => actionBatchTests(harness));
  });
}
