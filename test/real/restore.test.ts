import { toRecord } from '@chasqui/contracts';
import { directAudience, directConversation, inboxOf, type MessageToRecord } from '@chasqui/domain';
import type { Engines } from '@chasqui/ports';
import { expect, onTestFinished, test } from 'vitest';
import { mysql } from '../../deploy/engines/mysql.ts';
import { parseMysqlUrl } from '../../libs/adapters/mysql/src/mysql-url.ts';
import { runSql, Scratch } from '../../libs/adapters/mysql/src/testing/scratch.ts';
import { startTestCluster } from '../cluster/cluster.ts';
import { createInstallation } from './installation.ts';

const address = mysql.settings.CHASQUI_MYSQL_URL ?? '';
const scratch = new Scratch(address);

/** A message from ann to bob. */
function message(n: number): MessageToRecord {
  return toRecord({
    messageId: `0190${String(n).padStart(20, '0')}`,
    conversationId: directConversation('ann', 'bob'),
    audience: directAudience('ann', 'bob'),
    from: 'ann',
    fromDevice: 'phone',
    kind: 'c2c',
    clientMessageId: `key-${n}`,
    content: { text: `hello ${n}` },
    sentAt: n,
  });
}

async function store({ conversations }: Engines, from: number, to: number): Promise<void> {
  await conversations.record(Array.from({ length: to - from + 1 }, (_, i) => message(from + i)));
}

/** Waits until everything stored has a witness; returns bob's inbox and the witness of it. */
async function witnessed({ logs, progressWitness }: Engines, above: number) {
  const { head, epoch } = await logs.page(inboxOf('bob'), 0, 1);
  const count = () => progressWitness?.witnessed(epoch) ?? expect.fail('there is no witness');
  await expect.poll(count).toBeGreaterThan(above);
  return { head, epoch, count: await count() };
}

test('C10: MySQL that was put back to an earlier moment, which nobody told: every inbox has another epoch, once', async () => {
  const { env, ...installation } = await createInstallation('classic');
  onTestFinished(() => installation[Symbol.asyncDispose]());
  const copied = await scratch.database();
  const copy = copied.address.database;
  const { database } = parseMysqlUrl(env.CHASQUI_MYSQL_URL ?? '');
  const tables = async () =>
    Object.values((await runSql(copied, 'SHOW TABLES', database)) as object[]).flatMap(Object.values);
  const each = async (sql: (table: string) => string) => runSql(copied, (await tables()).map(sql).join(';'), database);
  const start = () => startTestCluster({ env, nodes: 1 });
  const readiness = async (at: string) => (await fetch(new URL('/readyz', at))).json();

  const before = await (async () => {
    await using cluster = await start();
    const { engines, url: at } = cluster.running;
    await store(engines, 1, 20);
    await witnessed(engines, 0);
    await each(
      (table) => `CREATE TABLE ${copy}.${table} LIKE ${table}; INSERT INTO ${copy}.${table} SELECT * FROM ${table}`,
    );
    await store(engines, 21, 40);
    expect(await readiness(at)).toEqual({ status: 'ready', missing: [] });
    const read = await runSql(copied, "SELECT value FROM meta WHERE name = 'progress'", copy);
    return await witnessed(engines, Number((read as { value: string }[])[0]?.value));
  })();
  expect(before.head).toBe(40);
  await each((table) => `DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM ${copy}.${table}`);

  const after = await (async () => {
    await using cluster = await start();
    const { engines, url: at } = cluster.running;
    await store(engines, 101, 140);
    expect(await readiness(at)).toMatchObject({
      status: 'degraded',
      degraded: [expect.stringContaining('the database went back in time')],
    });
    return await witnessed(engines, before.count);
  })();
  // Without a new epoch, a device at position 40 would be taken for one that lacks only the last 20 of 60.
  expect(after.head).toBe(60);
  expect(after.epoch).not.toBe(before.epoch);

  await using cluster = await start();
  expect(await readiness(cluster.running.url)).toEqual({ status: 'ready', missing: [] });
  expect((await cluster.running.engines.logs.page(inboxOf('bob'), 0, 1)).epoch).toBe(after.epoch);
});
