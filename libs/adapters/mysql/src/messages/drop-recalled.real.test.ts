import { encodeMessage, formatMessageId, type Message, parseMessageId, timeOf } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import type { MessageStore } from '@chasqui/ports';
import { createConnection } from 'mysql2/promise';
import { describe, expect, test } from 'vitest';
import { mysql } from '../../../../../deploy/engines/mysql.ts';
import type { MysqlConfig } from '../config.ts';
import { setupMysql } from '../setup.ts';
import { parts, runSql, Scratch } from '../testing/scratch.ts';
import { messageOf } from '../testing/traffic.ts';
import { putRow } from './message-row.ts';

const scratch = new Scratch(mysql.settings.CHASQUI_MYSQL_URL ?? '');
const MONTH_MS = 31 * 24 * 3_600_000;

/** A store whose partitions begin half a year ago. */
async function older() {
  const config = await scratch.database();
  const clock = { ...systemClock, now: () => systemClock.now() - 6 * MONTH_MS };
  await setupMysql({ config, ...parts, clock, messages: true });
  return { config, store: (await scratch.openMessages(config)).messages };
}

function monthsAgo(months: number, count: number): Message[] {
  return Array.from({ length: count }, (): Message => {
    const message: Message = messageOf('ann', 'bob');
    const { millis, ...rest } = parseMessageId(message.messageId);
    return { ...message, messageId: formatMessageId({ ...rest, millis: millis - months * MONTH_MS }) };
  });
}

const put = (store: MessageStore, messages: readonly Message[]) =>
  store.put(messages.map((message) => ({ ...encodeMessage(message), steps: [] })));

async function recall(store: MessageStore, messages: readonly Message[]) {
  for (const message of messages) {
    await store.apply([{ ...message, action: { action: 'recall', revision: 1, by: 'system', at: 5 }, node: 'n' }]);
  }
}

const there = async (store: MessageStore, messages: readonly Message[]) =>
  (await store.get(messages)).filter((message) => message !== null).length;

/** The tables and partitions of messages. */
async function partsOf(config: MysqlConfig): Promise<string[]> {
  const sql = `SELECT CONCAT(TABLE_NAME, ' ', COALESCE(PARTITION_NAME, '')) AS name FROM information_schema.PARTITIONS
    WHERE TABLE_SCHEMA = '${config.address.database}' AND TABLE_NAME LIKE 'messages%'`;
  return ((await runSql(config, sql)) as { name: string }[]).map(({ name }) => name);
}

const now = () => formatMessageId({ millis: Date.now(), counter: 0, tag: 0 });

describe('months whose messages are all recalled', { timeout: 60_000 }, () => {
  test('C10: are removed, the oldest first, up to one that has a message; what was removed is known', async () => {
    const { config, store } = await older();
    const [first, second, third, fourth] = [monthsAgo(6, 30), monthsAgo(5, 30), monthsAgo(4, 30), monthsAgo(3, 30)];
    await put(store, [...first, ...second, ...third, ...fourth]);
    await recall(store, [...first, ...second, ...third.slice(1), ...fourth]);
    expect(await store.droppedBelow?.()).toBe('');
    const before = await partsOf(config);
    await store.dropRecalled?.(formatMessageId({ ...parseMessageId(now()), millis: Date.now() - 8 * MONTH_MS }));
    expect(await there(store, first)).toBe(30);
    await store.dropRecalled?.(now());
    expect(await there(store, [...first, ...second])).toBe(0);
    expect(await there(store, [...third, ...fourth])).toBe(60);
    const below = (await store.droppedBelow?.()) ?? '';
    expect(second.every(({ messageId }) => messageId < below)).toBe(true);
    expect(third.every(({ messageId }) => messageId > below)).toBe(true);
    expect((await partsOf(config)).length).toBeLessThan(before.length);
    await store.dropRecalled?.(now());
    expect(await store.droppedBelow?.()).toBe(below);
    await recall(store, third.slice(0, 1));
    await store.dropRecalled?.(now());
    expect(await there(store, [...third, ...fourth])).toBe(0);
    expect(timeOf(`${await store.droppedBelow?.()}${'0'.repeat(12)}`)).toBeLessThan(Date.now());
  });

  test('C3: a message that comes meanwhile stays, as does one that is imported there later', async () => {
    const { config, store } = await older();
    const old = monthsAgo(6, 20);
    await put(store, old);
    await recall(store, old);
    const [late] = monthsAgo(6, 1) as [Message];
    const other = await createConnection(config.address);
    await other.query('BEGIN');
    await other.query('INSERT INTO messages VALUES ?', [[putRow({ ...encodeMessage(late), steps: [] })]]);
    const dropping = store.dropRecalled?.(now());
    const waiting = `SELECT id FROM information_schema.processlist
      WHERE db = '${config.address.database}' AND info LIKE '%EXCHANGE PARTITION%'`;
    await expect.poll(() => runSql(config, waiting), { timeout: 20_000 }).toHaveLength(1);
    await other.query('COMMIT');
    await other.end();
    await dropping;
    expect(await there(store, [late])).toBe(1);
    expect(await there(store, old)).toBe(0);
    expect((await partsOf(config)).filter((name) => name.startsWith('messages_'))).toEqual([]);
    const imported = monthsAgo(6, 3);
    await put(store, imported);
    expect(await store.page('ann~bob', { limit: 10 })).toHaveLength(4);
    await recall(store, [late, ...imported]);
    await store.dropRecalled?.(now());
    expect((await store.scan(null, 10)).messages).toEqual([]);
  });
});
