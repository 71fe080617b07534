import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { CONVERSATION_TOPIC, groupLog, type Message } from '@chasqui/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedEngines, openEmbeddedEngines } from './index.ts';
import { expectCounted, expectDelivered, expectRecorded, expectStored, inboxOf } from './testing/acked-state.ts';
import { toRecord } from './testing/direct-messages.ts';
import { BOUNDS, changeOf } from './testing/group-messages.ts';
import { type Acked, ackedIn, only } from './testing/kill-journal.ts';
import { parts, scratchFolder } from './testing/scratch.ts';

const ROUNDS = 4;
const KINDS = [
  ...(['recorded', 'put', 'raised', 'indexed', 'appended', 'published', 'posted', 'changed', 'marked'] as const),
];
const writer = fileURLToPath(new URL('./testing/kill-writer.ts', import.meta.url));

/** Runs a writer, kills it at a random moment, and returns what was acked. */
async function writeAndKill(dataDir: string, round: number): Promise<Acked[]> {
  const child = spawn(process.execPath, [writer, dataDir, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), 300 + Math.random() * 700));
  const signal = await new Promise((resolve) => child.once('close', (_, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
  return ackedIn(output);
}

describe('kill -9 at random moments, again and again', { timeout: 60_000 }, () => {
  const dataDir = join(scratchFolder(), 'data');
  const acked: Acked[] = [];
  let engines: EmbeddedEngines;

  beforeAll(async () => {
    for (let round = 0; round < ROUNDS; round++) acked.push(...(await writeAndKill(dataDir, round)));
    engines = await openEmbeddedEngines({ ...parts, dataDir });
  }, 60_000);
  afterAll(() => engines[Symbol.asyncDispose]());

  test('the writers got far enough to mean something', () => {
    for (const type of KINDS) {
      expect(only(acked, type).length, type).toBeGreaterThan(20);
    }
  });

  test('C2, C10: every acked record is at its position in both inboxes, and positions are contiguous', async () => {
    await expectRecorded(engines, acked);
  });

  test('C4: every acked record is still known by its clientMessageId', async () => {
    for (const { messages, outcomes } of only(acked, 'recorded')) {
      const again = await engines.conversations.record(messages.map(toRecord));
      const first = ({ messageId, ...rest }: (typeof again)[number]) => ({
        messageId,
        places: 'places' in rest && rest.places,
      });
      expect(again.map(({ result }) => result)).toEqual(messages.map(() => 'duplicate'));
      expect(again.map(first)).toEqual(outcomes.map(first));
    }
  });

  test('C8: unread counts are what the inboxes say', async () => {
    await expectCounted(engines, acked);
  });

  test('C18: every acked message to a group is at its position in the group’s log, and ids rise with positions', async () => {
    const posted = only(acked, 'posted');
    for (const conversationId of new Set(posted.map(({ messages }) => messages[0]?.conversationId ?? ''))) {
      const log = await inboxOf(engines, groupLog(conversationId));
      const ids = log.flatMap((entry) => (entry.type === 'message' ? [entry.messageId] : []));
      expect(ids).toEqual([...new Set(ids)].sort());
      const ofGroup = posted.filter(({ messages }) => messages[0]?.conversationId === conversationId);
      for (const { messages, outcomes } of ofGroup) {
        expect(outcomes.map(({ result }) => result)).toEqual(['recorded', 'recorded', 'refused', 'recorded']);
        for (const [i, { from, clientMessageId }] of messages.entries()) {
          const outcome = outcomes[i];
          if (outcome?.result !== 'recorded') continue;
          const position = outcome.places[0]?.position ?? 0;
          const entry = { type: 'message', messageId: outcome.messageId, from, clientMessageId, position };
          expect(log[position - 1]).toMatchObject(entry);
        }
      }
      for (const { change, applied } of only(acked, 'changed')) {
        const { notice } = applied;
        if (change.conversationId === conversationId && notice !== null)
          expect(log[notice.position - 1]).toEqual(notice);
      }
    }
  });

  test('C4, C18: acked messages, refusals and changes of groups are still known', async () => {
    const posted = only(acked, 'posted');
    // What is not known as refused would be recorded by now.
    for (const conversationId of new Set(posted.map(({ messages }) => messages[0]?.conversationId ?? ''))) {
      const letIn = changeOf(conversationId, 'user0', 'let-in', 'add', { users: ['stranger'] });
      expect((await engines.groups.apply(letIn, BOUNDS)).outcome.result).toBe('applied');
    }
    for (const { messages, outcomes } of posted) {
      const again = outcomes.map((one) => (one.result === 'recorded' ? { ...one, result: 'duplicate' } : one));
      expect(await engines.conversations.record(messages)).toEqual(again);
    }
    for (const { change, applied } of only(acked, 'changed')) {
      expect(await engines.groups.outcome(change)).toEqual(applied.outcome);
      for (const { userId, entry } of applied.told) {
        expect((await engines.logs.page(userId, entry.position - 1, 1)).entries).toEqual([entry]);
      }
    }
  });

  test('C21, C22: marks in groups stay, and counts are what the groups’ logs say', async () => {
    const marks = only(acked, 'marked');
    for (const { userId, conversationId, upTo } of marks) {
      const [head] = await engines.groups.headsOf([{ conversationId, userId }]);
      expect((head?.read.upTo ?? '') >= upTo).toBe(true);
      const log = await inboxOf(engines, groupLog(conversationId));
      const unread = log.filter(
        (entry) => entry.type === 'message' && entry.from !== userId && entry.messageId > (head?.read.upTo ?? ''),
      );
      expect(head?.unread).toBe(unread.length);
      // Everybody but a group's creator mentions user1, and the creator all.
      const others = unread.filter((entry) => entry.type === 'message' && entry.from === 'user0');
      expect(head?.mentions).toBe(userId === 'user1' ? unread.length : others.length);
    }
  });

  test('C2, C3: every acked message is stored whole, once, and as far as was acked', async () => {
    await expectStored(engines, acked);
  });

  test('C3, C13: everything acked as indexed is found', async () => {
    const indexed: Message[] = only(acked, 'indexed').flatMap(({ messages }) => messages);
    for (const { messageId, from, content } of indexed) {
      const hits = await engines.search.search({ logs: [from], text: content.text?.split(' ')[0] ?? '', limit: 10 });
      expect(hits.map((hit) => hit.messageId)).toEqual([messageId]);
    }
  });

  test('C1, C5: everything acked as published is delivered, in order', async () => {
    await expectDelivered(engines, acked);
  });

  test('C1: a group that had done part of it gets the rest, marked as perhaps delivered before', async () => {
    const flags: boolean[] = [];
    const partly = engines.bus.consume({
      topic: CONVERSATION_TOPIC,
      group: 'partly',
      handle: async (batch) => void flags.push(...batch.map(({ redelivered }) => redelivered)),
    });
    await expect.poll(() => engines.bus.lag(CONVERSATION_TOPIC, 'partly'), { timeout: 20_000 }).toEqual([]);
    await partly[Symbol.asyncDispose]();
    expect(flags.filter((redelivered) => !redelivered)).toEqual([]);
  });

  test('the files are sound', async () => {
    await engines[Symbol.asyncDispose]();
    for (const file of ['bus.db', 'store.db', 'search.db']) {
      const db = new DatabaseSync(join(dataDir, file));
      expect(db.prepare('PRAGMA integrity_check').all(), file).toEqual([{ integrity_check: 'ok' }]);
      db.close();
    }
  });
});
