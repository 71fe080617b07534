import { describe } from 'vitest';
import { actionTests } from './conversations-actions.ts';
import { audienceTests } from './conversations-audiences.ts';
import { entryTests } from './conversations-entries.ts';
import type { ConversationsHarness } from './conversations-fixture.ts';
import { importTests } from './conversations-imports.ts';
import { logTests } from './conversations-logs.ts';
import { modelTests } from './conversations-model.ts';
import { orderTests } from './conversations-order.ts';
import { readTests } from './conversations-read.ts';
import { recordTests } from './conversations-record.ts';
import { restartTests } from './conversations-restart.ts';

/** Everything that `ConversationStore` and `UpdateLog` promise. */
export function conversationsContract(name: string, harness: ConversationsHarness): void {
  describe(`ConversationStore and UpdateLog: ${name}`, { timeout: 60_000 }, () => {
    describe('recording', () => recordTests(harness));
    describe('order', () => orderTests(harness));
    describe('imports', () => importTests(harness));
    describe('entries', () => entryTests(harness));
    describe('reading and unread counts', () => readTests(harness));
    describe('logs', () => logTests(harness));
    describe('audiences', () => audienceTests(harness));
    describe('actions', () => actionTests(harness));
    describe('against a model', () => modelTests(harness));
    if (harness.reopen !== undefined) describe('durability', () => restartTests(harness));
  });
}
