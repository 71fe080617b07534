import { createManualClock } from '@chasqui/contracts';
import { type ActionEvent, directAudience, encodeMessage } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { createMemoryMessages, createMemorySweeps } from '@chasqui/memory';
import { expect, test } from 'vitest';
import { RetentionSweeper } from './retention-sweeper.ts';

const DAY_MS = 86_400_000;
const COUNT = 1_200;

async function storeOfOld(sentAt: number) {
  const messages = createMemoryMessages();
  const common = { conversationId: 'ann~bob', from: 'ann', fromDevice: 'phone', kind: 'c2c' } as const;
  const all = Array.from({ length: COUNT }, (_, n) => n.toString(16).padStart(24, '0')).map((messageId) => ({
    ...encodeMessage({
      ...common,
      ...{
        messageId,
        clientMessageId: messageId,
        sentAt,
        content: { text: 'old' },
        audience: directAudience('ann', 'bob'),
      },
    }),
    steps: [],
  }));
  await messages.put(all);
  return messages;
}

test('C16: one process leads, a bounded page at a time; another goes on where it stopped, and nothing is looked at twice', async () => {
  const clock = createManualClock(10 * DAY_MS);
  const messages = await storeOfOld(clock.now() - 2 * DAY_MS);
  const sweeps = createMemorySweeps();
  const start = (nodeId: string) => {
    const deleted: string[] = [];
    const publisher = {
      async publish(_: string, __: string, event: object) {
        deleted.push((event as ActionEvent).messageId);
      },
    };
    const parts = { clock, messages, sweeps, publisher, nodeId, logger: silentLogger, retention: { c2c: DAY_MS } };
    const sweeper = new RetentionSweeper(parts);
    sweeper.start();
    return { sweeper, deleted };
  };
  const first = start('business-1');
  const second = start('business-2');
  await clock.advance(600);
  expect([first.deleted.length, second.deleted.length]).toEqual([500, 0]);
  await first.sweeper[Symbol.asyncDispose]();
  await clock.advance(29_000);
  expect(second.deleted).toEqual([]);
  await clock.advance(3_000);
  expect(new Set([...first.deleted, ...second.deleted]).size).toBe(COUNT);
  expect(second.deleted).toHaveLength(COUNT - 500);
  await clock.advance(3_500_000);
  expect(second.deleted).toHaveLength(COUNT - 500);
  await second.sweeper[Symbol.asyncDispose]();
});

test('messages of a kind that is kept, and younger ones, are not deleted; without any limit the store is not even read', async () => {
  const clock = createManualClock(10 * DAY_MS);
  const messages = await storeOfOld(clock.now() - 2 * DAY_MS);
  for (const [retention, scans] of [
    [{ group: DAY_MS }, true],
    [{ c2c: 3 * DAY_MS }, true],
    [{}, false],
  ] as const) {
    let read = false;
    const scan: typeof messages.scan = (...args) => {
      read = true;
      return messages.scan(...args);
    };
    const publisher = { publish: () => Promise.reject(new Error('nothing is to be deleted')) };
    const parts = { clock, publisher, nodeId: 'business-1', logger: silentLogger };
    await using sweeper = new RetentionSweeper({
      ...parts,
      messages: { scan },
      sweeps: createMemorySweeps(),
      retention,
    });
    sweeper.start();
    await clock.advance(3_000);
    expect(read).toBe(scans);
  }
});
