import { directConversation } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import { describe, expect, test } from 'vitest';
import { mysql } from '../../../../deploy/engines/mysql.ts';
import type { Database, Statement } from './engine/index.ts';
import { Link } from './engine/link.ts';
import { linkOptions } from './engine/link-options.ts';
import { logPage } from './logs/log-page.ts';
import { runSql, Scratch } from './testing/scratch.ts';
import { messageOf } from './testing/traffic.ts';

const ANN_BOB = directConversation('ann', 'bob');
const scratch = new Scratch(mysql.settings.CHASQUI_MYSQL_URL ?? '');
const messages = (count: number) => Array.from({ length: count }, () => messageOf('ann', 'bob'));

describe('long lists', { timeout: 60_000 }, () => {
  test('C8: reading up to any place leaves the right count, also of more than a thousand that stay unread', async () => {
    const { conversations } = await scratch.open(await scratch.ready());
    const sent = messages(1_700);
    await conversations.record(sent);
    for (const read of [1, 100, 699, 700, 1_199, 1_200, 1_699, 1_700]) {
      const mark = await conversations.markRead({
        userId: 'bob',
        conversationId: ANN_BOB,
        upTo: sent[read - 1]?.messageId ?? '',
        at: 1,
        node: 'n',
      });
      expect(mark.unread).toMatchObject({ count: 1_700 - read, total: 1_700 - read });
    }
    expect((await conversations.recount(null, { repair: false, limit: 10 })).drift).toEqual([]);
  });

  test('C8, C16: unread messages whose entries are trimmed stay counted until something newer is read', async () => {
    const { conversations, logs } = await scratch.open(await scratch.ready());
    const sent = messages(1_200);
    await conversations.record(sent);
    const readUpTo = async (number: number) => {
      const { messageId } = sent[number - 1] as (typeof sent)[0];
      return (
        await conversations.markRead({ userId: 'bob', conversationId: ANN_BOB, upTo: messageId, at: 1, node: 'n' })
      ).unread.count;
    };
    expect(await readUpTo(100)).toBe(1_100);
    // The sender's 1,200 entries have the same age and are trimmed first.
    expect(await logs.trim(systemClock.now() + 1_000, 1_700)).toBe(1_700);
    expect(await logs.page('bob', 0, 1)).toMatchObject({ floor: 500, head: 1_201, entries: [{ position: 501 }] });
    expect((await conversations.unread('bob')).total).toBe(1_100);
    expect((await conversations.recount(null, { repair: false, limit: 10 })).drift).toEqual([]);
    expect(await readUpTo(300)).toBe(1_100);
    expect(await readUpTo(600)).toBe(600);
    expect((await conversations.recount(null, { repair: false, limit: 10 })).drift).toEqual([]);
    expect(await readUpTo(1_200)).toBe(0);
  });

  test('C16: a message that was changed often keeps one row of that, and still takes no earlier change', async () => {
    const config = await scratch.ready();
    const { conversations } = await scratch.open(config);
    const [message] = messages(1);
    if (message === undefined) expect.fail();
    await conversations.record([message]);
    const { conversationId, messageId, audience } = message;
    const edits = async (...revisions: number[]) => {
      const action = { action: 'edit', by: 'ann', at: 1, content: { text: 'x' }, actionId: 'e' } as const;
      const places = await conversations.act(
        revisions.map((revision) => ({ ...action, revision, conversationId, messageId, audience })),
      );
      return places.map((one) => one?.length ?? null);
    };
    for (const revision of [1, 2]) expect(await edits(revision)).toEqual([2]);
    expect(await edits(2, 3, 4, 5)).toEqual([null, 2, 2, 2]);
    for (const revision of [3, 5]) expect(await edits(revision)).toEqual([null]);
    const rows = await runSql(config, 'SELECT revision FROM message_actions', config.address.database);
    expect(rows).toEqual([{ revision: 5 }]);
  });

  test('of an inbox of many entries a page reads no more than it gives', async () => {
    const config = await scratch.ready();
    const { conversations } = await scratch.open(config);
    await conversations.record(messages(2_000));
    const link = await Link.connect(linkOptions(config));
    const database = { run: async (statement: Statement) => (await link.run([statement]))[0] } as Database;
    const rowsRead = async () => {
      const { rows } = await database.run({ sql: "SHOW SESSION STATUS LIKE 'Handler_read_%next'" });
      return rows.reduce((sum, [, count]) => sum + Number(count), 0);
    };
    const before = await rowsRead();
    const page = await logPage(database, 'bob', 500, 10);
    expect(page.entries.map(({ position }) => position)).toEqual(Array.from({ length: 10 }, (_, i) => 501 + i));
    expect(page.head).toBe(2_000);
    expect((await rowsRead()) - before).toBeLessThan(100);
    await link.close();
  });
});

describe('texts', () => {
  test.each([
    "it's; DROP TABLE inbox -- ",
    'a\\',
    '\\" ? %s ?? \u0000\n\r\u001a',
    '👩‍🚀 安 ﷽ \u2028',
    `${'x'.repeat(99)}👩‍🚀`,
  ])('come back as they were given: %j', async (text) => {
    const { conversations, logs } = await scratch.open(await scratch.ready());
    const message = { ...messageOf('ann', 'bob'), content: { text } };
    await conversations.record([message, messageOf('cat', 'bob')]);
    // If the cut would halve a character, that character is left out.
    const preview = text.length > 100 ? 'x'.repeat(99) : text;
    const [entry] = await conversations.entries([{ userId: 'bob', conversationId: ANN_BOB }]);
    expect(entry).toMatchObject({ preview, lastMessageId: message.messageId });
    const by = text;
    const { messageId } = message;
    const action = { action: 'recall', revision: 1, by, at: 1 } as const;
    const update = { type: 'action' as const, conversationId: ANN_BOB, messageId, ...action };
    await logs.append([{ log: 'bob', update }]);
    expect((await logs.page('bob', 2, 5)).entries).toEqual([{ ...update, position: 3 }]);
  });
});

describe('the dedup window', { timeout: 60_000 }, () => {
  test('C4, C16: a clientMessageId is forgotten after it, and not before; what is forgotten is removed', async () => {
    const config = await scratch.ready();
    let ahead = 0;
    const clock = { ...systemClock, now: () => systemClock.now() + ahead };
    const windowMs = 30 * 24 * 3_600_000;
    const { conversations } = await scratch.open(config, { clock, dedupWindowMs: windowMs });
    const [message] = messages(1) as [ReturnType<typeof messageOf>];
    await conversations.record([message]);
    ahead = windowMs - 60_000;
    expect(await conversations.record([message])).toMatchObject([
      { result: 'duplicate', places: [{ position: 1 }, {}] },
    ]);
    ahead = windowMs + 1;
    expect(await conversations.record([message])).toMatchObject([
      { result: 'recorded', places: [{ position: 2 }, {}] },
    ]);
    expect(await conversations.record([message])).toMatchObject([
      { result: 'duplicate', places: [{ position: 2 }, {}] },
    ]);
    ahead = 2 * windowMs + 2;
    await conversations.record(messages(1_000));
    const count = async () => {
      const rows = await runSql(config, 'SELECT COUNT(*) AS n FROM dedup', config.address.database);
      return (rows as { n: number }[])[0]?.n;
    };
    await expect.poll(count, { timeout: 20_000 }).toBe(1_000);
  });
});
