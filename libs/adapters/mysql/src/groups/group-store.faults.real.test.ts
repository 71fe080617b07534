import type { GroupChange, MessageToRecord } from '@chasqui/domain';
import { ImError } from '@chasqui/domain';
import type { RecordOutcome } from '@chasqui/ports';
import { describe, expect, test, vi } from 'vitest';
import { mariadbOn } from '../../../../../deploy/engines/mysql.ts';
import { BOUNDS, changeOf, creationOf, expectExactCounts, groupLogOf, groupMessageOf } from '../testing/groups.ts';
import { privateEngine } from '../testing/private-engine.ts';
import { Scratch } from '../testing/scratch.ts';

const { life, url } = privateEngine(mariadbOn(13_414));
const scratch = new Scratch(url, { deadlineMs: 2_000 });
const GROUPS = ['g0', 'g1', 'g2'];
const MEMBERS = ['ann', 'bob', 'cat', 'dan'];

/** Repeats a call until it is answered, as consumers of the bus do. */
async function untilAnswered<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      expect(error).toBeInstanceOf(ImError);
      expect((error as ImError).code).toBe('store_unavailable');
    }
  }
}

describe('groups on a server that is killed again and again', { timeout: 180_000 }, () => {
  test('C2, C4, C18, C21: every acked message, change and mark is there, once, in one order, and counts are exact', async () => {
    const config = await scratch.ready();
    const engines = await scratch.open(config);
    const { conversations, groups } = engines;
    for (const group of GROUPS) await groups.apply(creationOf(group, 'ann', MEMBERS.slice(1)), BOUNDS);
    const acked: { message: MessageToRecord; outcome: RecordOutcome }[] = [];
    const changes: GroupChange[] = [];
    const marks = new Map<string, string>();
    let running = true;
    const loop = async (step: (round: number) => Promise<void>) => {
      for (let round = 0; running; round++) await step(round);
    };
    const some = (round: number) => GROUPS[round % GROUPS.length] ?? '';
    const writers = ['ann', 'bob', 'cat'].map((from) =>
      loop(async () => {
        const messages = GROUPS.flatMap((group) => [groupMessageOf(group, from, ['dan']), groupMessageOf(group, from)]);
        const outcomes = await untilAnswered(() => conversations.record(messages));
        for (const [i, message] of messages.entries()) {
          acked.push({ message, outcome: outcomes[i] ?? expect.fail('no outcome') });
        }
      }),
    );
    const changing = loop(async (round) => {
      const isIn = Math.floor(round / GROUPS.length) % 2 === 1;
      const change = changeOf(some(round), 'ann', isIn ? 'remove' : 'add', { users: ['guest'] });
      const { outcome } = await untilAnswered(() => groups.apply(change, BOUNDS));
      expect(outcome.result).toBe('applied');
      changes.push(change);
    });
    const reading = loop(async (round) => {
      const conversationId = some(round);
      const upTo = acked.findLast(({ message }) => message.conversationId === conversationId)?.outcome.messageId;
      const mark = { userId: 'dan', conversationId, upTo: upTo ?? '0'.repeat(24), at: round, node: 'n' };
      await untilAnswered(() => conversations.markRead(mark));
      if (mark.upTo > (marks.get(conversationId) ?? '')) marks.set(conversationId, mark.upTo);
    });
    const progress = async (messages: number) => {
      const goal = acked.length + messages;
      await vi.waitUntil(() => acked.length >= goal, { timeout: 60_000, interval: 20 });
    };
    await progress(200);
    for (let kill = 0; kill < 3; kill++) {
      await life.kill();
      await life.start();
      await progress(300);
    }
    running = false;
    await Promise.all([...writers, changing, reading]);

    const logs = new Map<string, Awaited<ReturnType<typeof groupLogOf>>>();
    for (const group of GROUPS) logs.set(group, await groupLogOf(engines, group));
    for (const { message, outcome } of acked) {
      if (outcome.result !== 'recorded') expect.fail(`a ${outcome.result} with itself`);
      const { conversationId, from, clientMessageId } = message;
      const entry = logs.get(conversationId)?.[(outcome.places[0]?.position ?? 0) - 1];
      expect(entry).toMatchObject({ type: 'message', messageId: outcome.messageId, from, clientMessageId });
    }
    // The creation of each group is a change too.
    const entries = [...logs.values()].reduce((sum, log) => sum + log.length, 0);
    expect(entries).toBe(acked.length + changes.length + GROUPS.length);
    await expectExactCounts(engines, GROUPS);
    for (const [conversationId, upTo] of marks) {
      const [head] = await groups.headsOf([{ conversationId, userId: 'dan' }]);
      expect(head?.read.upTo).toBe(upTo);
    }
    const repeats = await conversations.record(acked.map(({ message }) => message));
    expect(repeats.map(({ result, messageId }) => [result, messageId])).toEqual(
      acked.map(({ outcome }) => ['duplicate', outcome.messageId]),
    );
  });
});
