import { encodeMessage, formatMessageId, type Message, parseMessageId } from '@chasqui/domain';
import type { MessageStore } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { mysql } from '../../../../../deploy/engines/mysql.ts';
import type { MysqlConfig } from '../config.ts';
import { setupMysql } from '../setup.ts';
import { parts, runSql, Scratch } from '../testing/scratch.ts';
import { messageOf } from '../testing/traffic.ts';

const scratch = new Scratch(mysql.settings.CHASQUI_MYSQL_URL ?? '');
const toPut = (message: Message) => ({ ...encodeMessage(message), steps: [] });

describe('partitions', { timeout: 60_000 }, () => {
  const partitionsOf = async (config: MysqlConfig) => {
    const sql = `SELECT PARTITION_NAME AS name FROM information_schema.PARTITIONS
      WHERE TABLE_SCHEMA = '${config.address.database}' AND TABLE_NAME = 'messages'
      ORDER BY PARTITION_ORDINAL_POSITION`;
    return ((await runSql(config, sql)) as { name: string }[]).map(({ name }) => name);
  };
  const inMonths = (months: number, message: Message): Message => {
    const { millis, ...rest } = parseMessageId(message.messageId);
    return { ...message, messageId: formatMessageId({ ...rest, millis: millis + months * 31 * 86_400_000 }) };
  };
  const scanned = async (store: MessageStore, limit: number) => {
    const ids: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: Awaited<ReturnType<MessageStore['scan']>> = await store.scan(cursor, limit);
      ids.push(...page.messages.map(({ messageId }) => messageId));
      cursor = page.cursor;
      if (cursor === null) return ids;
    }
  };

  test('a setup makes one for each of the coming months, once', async () => {
    const config = await scratch.ready();
    expect(await partitionsOf(config)).toEqual(['later']);
    for (let n = 0; n < 2; n++) await setupMysql({ config, ...parts, messages: true });
    const names = await partitionsOf(config);
    expect(names).toHaveLength(13);
    expect(names.slice(0, -1)).toEqual(names.slice(0, -1).toSorted());
    const next = new Date(new Date().setUTCDate(32)).toISOString().slice(0, 7).replace('-', '_');
    expect([names[0], names.at(-1)]).toEqual([`before_${next}`, 'later']);
  });

  test('C13: messages of all times are found, and scanned once, also when partitions are added meanwhile', async () => {
    const config = await scratch.ready();
    const { messages, locator } = await scratch.openMessages(config);
    const all = Array.from({ length: 12 }, (): Message => messageOf('ann', 'bob')).flatMap((message, n) =>
      [-30, 0, 1, 5, 40].map((months) => inMonths(months + (n % 2), message)),
    );
    const peers = all.map((message, n) => ({ ...message, conversationId: `ann~u${n % 7}` }));
    await messages.put(peers.map(toPut));
    const first = await messages.scan(null, 7);
    await setupMysql({ config, ...parts, messages: true });
    const ids = first.messages.map(({ messageId }) => messageId);
    for (let { cursor } = first; cursor !== null; ) {
      const page = await messages.scan(cursor, 7);
      ids.push(...page.messages.map(({ messageId }) => messageId));
      cursor = page.cursor;
    }
    const expected = peers.map(({ messageId }) => messageId).toSorted();
    expect(ids.toSorted()).toEqual(expected);
    expect((await scanned(messages, 9)).toSorted()).toEqual(expected);
    expect(await locator.newest()).toBe(expected.at(-1));
    for (const message of peers) {
      expect(await locator.locate(message.messageId)).toMatchObject({ conversationId: message.conversationId });
    }
    const own = peers.filter(({ conversationId }) => conversationId === 'ann~u3').map(({ messageId }) => messageId);
    const page = await messages.page('ann~u3', { limit: 100 });
    expect(page.map(({ messageId }) => messageId)).toEqual(own.toSorted().reverse());
  });
});
