import { createManualClock } from '@chasqui/contracts';
import { type ActionEvent, directAudience, encodeMessage, timeOf } from '@chasqui/domain';
import { type Logger, silentLogger } from '@chasqui/kit';
import { createMemoryMessages, createMemorySweeps } from '@chasqui/memory';
import { expect, test } from 'vitest';
import { RetentionSweeper } from './retention-sweeper.ts';

const DAY_MS = 86_400_000;
const COUNT = 1_200;

/** The messages are of so many conversations, in turn. */
async function storeOfOld(sentAt: number, conversations = 50) {
  const messages = createMemoryMessages();
  const common = { from: 'ann', fromDevice: 'phone', kind: 'c2c' } as const;
  const all = Array.from({ length: COUNT }, (_, n) => ({
    ...encodeMessage({
      ...common,
      conversationId: `ann~u${n % conversations}`,
      messageId: n.toString(16).padStart(24, '0'),
      clientMessageId: `${n}`,
      sentAt,
      content: { text: 'old' },
      audience: directAudience('ann', `u${n % conversations}`),
    }),
    steps: [],
  }));
  await messages.put(all);
  return messages;
}

async function twoProcesses({ conversations = 50, isApplied = true }) {
  const clock = createManualClock(10 * DAY_MS);
  const messages = await storeOfOld(clock.now() - 2 * DAY_MS, conversations);
  const sweeps = createMemorySweeps();
  const apply = ({ conversationId, messageId, at }: ActionEvent) => {
    const action = { action: 'recall', by: 'system', revision: 1, at } as const;
    return messages.apply([{ conversationId, messageId, action, node: 'business-1' }]);
  };
  const start = (nodeId: string) => {
    const deleted: ActionEvent[] = [];
    const publisher = {
      async publish(_: string, __: string, event: object) {
        deleted.push(event as ActionEvent);
        if (isApplied) await apply(event as ActionEvent);
      },
    };
    const parts = { clock, messages, sweeps, publisher, nodeId, logger: silentLogger, retention: { c2c: DAY_MS } };
    const sweeper = new RetentionSweeper(parts);
    sweeper.start();
    return { sweeper, deleted };
  };
  return { clock, apply, first: start('business-1'), second: start('business-2') };
}

test('C16: one process leads, a bounded page at a time; another goes on where it stopped, and nothing is deleted twice', async () => {
  const { clock, first, second } = await twoProcesses({});
  await clock.advance(1_600);
  expect([first.deleted.length, second.deleted.length]).toEqual([500, 0]);
  await first.sweeper[Symbol.asyncDispose]();
  await clock.advance(28_000);
  expect(second.deleted).toEqual([]);
  await clock.advance(8_000);
  expect(new Set([...first.deleted, ...second.deleted].map(({ messageId }) => messageId)).size).toBe(COUNT);
  expect(second.deleted).toHaveLength(COUNT - 500);
  await clock.advance(3_500_000);
  expect(second.deleted).toHaveLength(COUNT - 500);
  await second.sweeper[Symbol.asyncDispose]();
});

test('C16: a few recalls are under way at a time; while they wait the process leads on, and one that never ends stops nothing', async () => {
  const { clock, apply, first, second } = await twoProcesses({ conversations: 1, isApplied: false });
  await clock.advance(50_000);
  expect([first.deleted.length, second.deleted.length]).toEqual([10, 0]);
  await Promise.all(first.deleted.slice(1).map(apply));
  await clock.advance(8_000);
  expect(first.deleted).toHaveLength(10);
  await clock.advance(3_000);
  expect([first.deleted.length, second.deleted.length]).toEqual([20, 0]);
  await first.sweeper[Symbol.asyncDispose]();
  await second.sweeper[Symbol.asyncDispose]();
});

test('a store that is away is told of once, and the end of a sweep is known, also to the next process', async () => {
  const clock = createManualClock(10 * DAY_MS);
  const warned: string[] = [];
  const logger = { ...silentLogger, warn: (_: object, text: string) => void warned.push(text) } as Logger;
  const messages = createMemoryMessages();
  let isAway = true;
  const scan: typeof messages.scan = (...args) => (isAway ? Promise.reject(new Error('away')) : messages.scan(...args));
  const publisher = { publish: () => Promise.reject(new Error('nothing is to be deleted')) };
  const parts = { clock, publisher, logger, messages: { ...messages, scan }, sweeps: createMemorySweeps() };
  const sweeper = new RetentionSweeper({ ...parts, nodeId: 'business-1', retention: { c2c: DAY_MS } });
  sweeper.start();
  await clock.advance(5_000);
  expect([warned.length, sweeper.sweptAt()]).toEqual([1, 0]);
  isAway = false;
  await clock.advance(500);
  const end = clock.now();
  expect([warned.length, sweeper.sweptAt()]).toEqual([1, end]);
  isAway = true;
  await clock.advance(3_605_000);
  expect([warned.length, sweeper.sweptAt()]).toEqual([2, end]);
  await sweeper[Symbol.asyncDispose]();
  await using next = new RetentionSweeper({ ...parts, nodeId: 'business-2', retention: { c2c: DAY_MS } });
  next.start();
  await clock.advance(31_000);
  expect(next.sweptAt()).toBe(end);
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
      messages: { ...messages, scan },
      sweeps: createMemorySweeps(),
      retention,
    });
    sweeper.start();
    await clock.advance(3_000);
    expect(read).toBe(scans);
  }
});

test('after a sweep, what was deleted two months ago may be removed; that this fails stops nothing', async () => {
  const clock = createManualClock(100 * DAY_MS);
  const asked: string[] = [];
  const warned: string[] = [];
  const logger = { ...silentLogger, warn: (_: object, text: string) => void warned.push(text) } as Logger;
  const messages = {
    ...createMemoryMessages(),
    async dropRecalled(before: string) {
      asked.push(before);
      if (asked.length === 1) throw new Error('denied');
    },
  };
  const publisher = { publish: () => Promise.reject(new Error('nothing is to be deleted')) };
  const parts = { clock, publisher, nodeId: 'business-1', logger, sweeps: createMemorySweeps() };
  await using sweeper = new RetentionSweeper({ ...parts, messages, retention: { c2c: DAY_MS } });
  sweeper.start();
  await clock.advance(3_700_000);
  expect(asked.map((id) => Math.round(timeOf(id) / DAY_MS))).toEqual([40, 40]);
  expect(warned).toHaveLength(1);
  expect(sweeper.sweptAt()).toBeGreaterThan(0);
});
