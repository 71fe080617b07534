import type { MessageToRecord } from '@chasqui/domain';
import { createConnection } from 'mysql2/promise';
import { describe, expect, test } from 'vitest';
import { mysql } from '../../../../deploy/engines/mysql.ts';
import type { MysqlConfig } from './config.ts';
import { runSql, Scratch } from './testing/scratch.ts';
import { inboxOf, messageOf } from './testing/traffic.ts';

const scratch = new Scratch(mysql.settings.CHASQUI_MYSQL_URL ?? '');

function connected({ address }: MysqlConfig) {
  return createConnection({ ...address, multipleStatements: true });
}

describe('several at once', { timeout: 60_000 }, () => {
  test('C8, C10: two processes that record the same pairs crosswise in large batches: all succeed, counts are exact', async () => {
    const config = await scratch.ready();
    const both = [await scratch.open(config), await scratch.open(config)];
    const users = Array.from({ length: 20 }, (_, i) => `user${i}`);
    const batch = (backwards: boolean): MessageToRecord[] => {
      const pairs = users.flatMap((a, i) => users.slice(i + 1).map((b): [string, string] => [a, b]));
      const messages = pairs.map(([a, b]) => messageOf(a, b)).concat(pairs.map(([a, b]) => messageOf(b, a)));
      return backwards ? messages.reverse() : messages;
    };
    const rounds = 4;
    await Promise.all(
      both.map(async (engines, i) => {
        for (let round = 0; round < rounds; round++) {
          const outcomes = await engines.conversations.record(batch((i + round) % 2 === 0));
          expect(new Set(outcomes.map(({ result }) => result))).toEqual(new Set(['recorded']));
        }
      }),
    );
    const [engines] = both as [(typeof both)[0]];
    const incoming = 2 * rounds * (users.length - 1);
    for (const user of users) {
      expect(await inboxOf(engines, user)).toHaveLength(2 * incoming);
      expect((await engines.conversations.unread(user)).total).toBe(incoming);
    }
    expect((await engines.conversations.recount(null, { repair: false, limit: 100 })).drift).toEqual([]);
  });

  test('a deadlock with somebody who keeps no order ends well: the call is repeated', async () => {
    const config = await scratch.ready();
    const engines = await scratch.open(config);
    await engines.conversations.record([messageOf('ann', 'zoe')]);
    const rows = Array.from({ length: 500 }, (_, i) => `('filler ${i}', '')`).join(', ');
    const other = await connected(config);
    try {
      const lock = (user: string) => `SELECT head FROM inbox_heads WHERE user_id = '${user}' FOR UPDATE`;
      // The server rolls back the transaction that has written less: ours.
      await other.query(`BEGIN; INSERT INTO meta VALUES ${rows}; ${lock('zoe')}`);
      const recording = engines.conversations.record([messageOf('ann', 'zoe')]);
      await expect.poll(() => waitingLocks(config), { timeout: 20_000 }).toBeGreaterThan(0);
      await other.query(`${lock('ann')}; ROLLBACK`);
      expect(await recording).toMatchObject([{ result: 'recorded', places: [{ position: 2 }, {}] }]);
    } finally {
      await other.end();
    }
  });

  test('connections that an operator kills cost nobody anything', async () => {
    const config = await scratch.ready();
    const engines = await scratch.open(config);
    await Promise.all(Array.from({ length: 8 }, () => engines.conversations.record([messageOf('ann', 'zoe')])));
    const { user, database } = config.address;
    const list = `SELECT id FROM information_schema.processlist WHERE user = '${user}' AND db = '${database}'`;
    const rows = (await runSql(config, list)) as { id: number }[];
    expect(rows.length).toBeGreaterThan(0);
    await runSql(config, rows.map(({ id }) => `KILL ${id}`).join(';'));
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => engines.conversations.record([messageOf('ann', 'zoe')])),
    );
    expect(outcomes.flat().map(({ result }) => result)).toEqual(Array(8).fill('recorded'));
  });

  test('C16: a lock that nobody frees is waited for no longer than the deadline', async () => {
    const config = await scratch.ready();
    const engines = await scratch.open({ ...config, deadlineMs: 1_500 });
    await engines.conversations.record([messageOf('ann', 'zoe')]);
    const other = await connected(config);
    try {
      await other.query("BEGIN; SELECT head FROM inbox_heads WHERE user_id = 'ann' FOR UPDATE");
      const start = performance.now();
      const message = messageOf('ann', 'zoe');
      await expect(engines.conversations.record([message])).rejects.toMatchObject({ code: 'store_unavailable' });
      expect(performance.now() - start).toBeLessThan(6_000);
      const { conversationId } = message;
      expect(await engines.conversations.entries([{ userId: 'ann', conversationId }])).toMatchObject([{ unread: 0 }]);
      await other.query('ROLLBACK');
      expect(await engines.conversations.record([message])).toMatchObject([
        { result: 'recorded', places: [{ position: 2 }, {}] },
      ]);
    } finally {
      await other.end();
    }
  });
});

/** Statements that wait for a lock in our database. */
async function waitingLocks(config: MysqlConfig): Promise<number> {
  const { database } = config.address;
  const sql = `SELECT id FROM information_schema.processlist WHERE db = '${database}' AND info LIKE '%FOR UPDATE%'`;
  return ((await runSql(config, sql)) as unknown[]).length;
}
