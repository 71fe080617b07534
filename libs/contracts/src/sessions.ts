import { describe } from 'vitest';
import type { LedgerHarness } from './sessions-fixture.ts';
import { inboxTests } from './sessions-inbox.ts';
import { modelTests } from './sessions-model.ts';
import { orderTests } from './sessions-order.ts';
import { readTests } from './sessions-read.ts';
import { recordTests } from './sessions-record.ts';
import { restartTests } from './sessions-restart.ts';
import { rowTests } from './sessions-rows.ts';
import { silencedTests } from './sessions-silenced.ts';

/** Everything that `SessionStore` and `InboxStore` promise. */
export function sessionsContract(name: string, harness: LedgerHarness): void {
  describe(`SessionStore and InboxStore: ${name}`, { timeout: 60_000 }, () => {
    describe('recording', () => recordTests(harness));
    describe('order', () => orderTests(harness));
    describe('conversations', () => rowTests(harness));
    describe('reading and unread counts', () => readTests(harness));
    describe('inboxes', () => inboxTests(harness));
    describe('messages of senders who are blocked', () => silencedTests(harness));
    describe('against a model', () => modelTests(harness));
    if (harness.reopen !== undefined) describe('durability', () => restartTests(harness));
  });
}
