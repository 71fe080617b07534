import { describe } from 'vitest';
import { actionTests } from './conversations-actions.ts';
import { answerTests } from './conversations-answers.ts';
import { audienceTests } from './conversations-audiences.ts';
import { copyTests } from './conversations-copies.ts';
import { deviceTests } from './conversations-devices.ts';
import { entryTests } from './conversations-entries.ts';
import type { ConversationsHarness } from './conversations-fixture.ts';
import { importTests } from './conversations-imports.ts';
import { logTests } from './conversations-logs.ts';
import { modelTests } from './conversations-model.ts';
import { threeTests } from './conversations-of-three.ts';
import { orderTests } from './conversations-order.ts';
import { readTests } from './conversations-read.ts';
import { recordTests } from './conversations-record.ts';
import { recountTests } from './conversations-recounts.ts';
import { restartTests } from './conversations-restart.ts';
import { trimmedLogTests } from './conversations-trimmed-logs.ts';

/** Everything that `ConversationStore` and `UpdateLog` promise. */
export function conversationsContract(name: string, harness: ConversationsHarness): void {
  describe(`ConversationStore and UpdateLog: ${name}`, { timeout: 60_000 }, () => {
    describe('recording', () => recordTests(harness));
    describe('copies', () => copyTests(harness));
    describe('order', () => orderTests(harness));
    describe('answers', () => answerTests(harness));
    describe('imports', () => importTests(harness));
    describe('entries', () => entryTests(harness));
    describe('reading and unread counts', () => readTests(harness));
    describe('recounts', () => recountTests(harness));
    describe('logs', () => logTests(harness));
    describe('devices', () => deviceTests(harness));
    describe('logs that are trimmed', () => trimmedLogTests(harness));
    describe('audiences', () => audienceTests(harness));
    describe('conversations of three', () => threeTests(harness));
    describe('actions', () => actionTests(harness));
    describe('against a model', () => modelTests(harness));
    if (harness.reopen !== undefined) describe('durability', () => restartTests(harness));
  });
}
