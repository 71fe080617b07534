import { encodeMessage, type Message } from '@chasqui/domain';
import { afterAll, describe, expect, test } from 'vitest';
import { mysql } from '../../../../../deploy/engines/mysql.ts';
import { CuttingProxy } from '../testing/cutting-proxy.ts';
import { runSql, Scratch } from '../testing/scratch.ts';
import { messageOf } from '../testing/traffic.ts';

const scratch = new Scratch(mysql.settings.CHASQUI_MYSQL_URL ?? '');
afterAll(() => scratch.clean());

const made = (count: number, from = 'ann', to = 'bob') =>
  Array.from({ length: count }, (): Message => messageOf(from, to));
const toPut = (message: Message) => ({ ...encodeMessage(message), steps: [] });
const delivered = (message: Message) => ({
  ...{ conversationId: message.conversationId, messageId: message.messageId },
  ...{ member: 'bob', status: 'delivered' as const, at: message.sentAt + 5, node: 'n1' },
});

/** A store behind a proxy that can lose answers. */
async function cuttable() {
  const config = await scratch.ready(true);
  const proxy = await CuttingProxy.open(config.address);
  const { messages } = await scratch.openMessages({ ...config, address: { ...config.address, port: proxy.port } });
  return { config, messages, proxy };
}

describe('answers that are lost: the call repeats itself and gives what the first try gave', {
  timeout: 60_000,
}, () => {
  test('C3: a put is there once', async () => {
    const { messages, proxy } = await cuttable();
    const [message] = made(1) as [Message];
    proxy.loseAnswerTo('INSERT INTO messages');
    await messages.put([toPut(message)]);
    expect(proxy.lost).toBe(1);
    expect(await messages.page(message.conversationId, { limit: 5 })).toMatchObject([{ content: message.content }]);
    await messages[Symbol.asyncDispose]();
  });

  test('C7: a rise says that it raised, its step is noted once, and the next call says that it was the same', async () => {
    const { messages, proxy } = await cuttable();
    const [one, two] = made(2) as [Message, Message];
    await messages.put([one, two].map(toPut));
    proxy.loseAnswerTo('COMMIT');
    expect(await messages.raise([delivered(one), delivered(two)])).toEqual(['raised', 'raised']);
    expect(proxy.lost).toBe(1);
    expect((await messages.get([one]))[0]?.steps.map(({ state }) => state)).toEqual(['delivered']);
    expect(await messages.raise([delivered(one), delivered(two)])).toEqual(['same', 'same']);
  });

  test('an action says that it was applied', async () => {
    const { messages, proxy } = await cuttable();
    const [message] = made(1) as [Message];
    await messages.put([toPut(message)]);
    const edit = { action: 'edit', revision: 1, by: 'ann', at: 7, content: { text: 'new' }, actionId: 'e' } as const;
    proxy.loseAnswerTo('COMMIT');
    expect(await messages.apply([{ ...message, action: edit, node: 'n1' }])).toEqual(['applied']);
    expect(proxy.lost).toBe(1);
    expect(await messages.apply([{ ...message, action: edit, node: 'n1' }])).toEqual(['superseded']);
  });
});

describe('several at once', { timeout: 60_000 }, () => {
  test('C7: two processes that put and raise the same messages crosswise: each rise is told once', async () => {
    const config = await scratch.ready(true);
    const stores = [await scratch.openMessages(config), await scratch.openMessages(config)];
    const peers = Array.from({ length: 30 }, (_, n) => `peer${n}`);
    const messages = peers.flatMap((peer) => made(5, peer, 'bob'));
    const told = await Promise.all(
      stores.flatMap(({ messages: store }, n) => {
        const own = n === 0 ? messages : messages.toReversed();
        return [store.put(own.map(toPut)).then(() => store.raise(own.map(delivered)))];
      }),
    );
    const raised = told.flat().filter((result) => result === 'raised');
    expect(raised).toHaveLength(messages.length);
    const found = (await stores[0]?.messages.get(messages)) ?? [];
    expect(found.map((message) => message?.statuses)).toEqual(messages.map(() => ({ bob: 'delivered' })));
    expect(found.flatMap((message) => message?.steps ?? [])).toHaveLength(messages.length);
  });

  test('connections that an operator kills cost nobody anything', async () => {
    const config = await scratch.ready(true);
    const { messages } = await scratch.openMessages(config);
    const all = made(8);
    await Promise.all(all.map((message) => messages.put([toPut(message)])));
    const { user, database } = config.address;
    const list = `SELECT id FROM information_schema.processlist WHERE user = '${user}' AND db = '${database}'`;
    const rows = (await runSql(config, list)) as { id: number }[];
    expect(rows.length).toBeGreaterThan(0);
    await runSql(config, rows.map(({ id }) => `KILL ${id}`).join(';'));
    const results = await Promise.all(all.map((message) => messages.raise([delivered(message)])));
    expect(results.flat()).toEqual(all.map(() => 'raised'));
  });

  test('C16: a row that somebody else keeps locked is waited for no longer than the deadline', async () => {
    const config = await scratch.ready(true);
    const { messages } = await scratch.openMessages({ ...config, deadlineMs: 1_500 });
    const [message] = made(1) as [Message];
    await messages.put([toPut(message)]);
    const { database } = config.address;
    const hold = runSql(config, 'BEGIN; SELECT body FROM messages FOR UPDATE; SELECT SLEEP(4); ROLLBACK', database);
    const held = `SELECT id FROM information_schema.processlist WHERE db = '${database}' AND info LIKE '%SLEEP(4)%'
      AND state = 'User sleep'`;
    await expect.poll(() => runSql(config, held), { interval: 20 }).toHaveLength(1);
    const start = performance.now();
    await expect(messages.raise([delivered(message)])).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(performance.now() - start).toBeLessThan(3_000);
    await hold;
    expect(await messages.raise([delivered(message)])).toEqual(['raised']);
  });
});

describe('bounds', { timeout: 60_000 }, () => {
  test('C16: many and long messages go in pieces, and come back', async () => {
    const { messages } = await scratch.openMessages(await scratch.ready(true));
    const text = '安'.repeat(20_000);
    const long = made(120).map((message) => ({ ...message, content: { text } }));
    const many = made(1_100, 'cat', 'dan');
    await messages.put([...long, ...many].map(toPut));
    const found = await messages.get([...many, ...long]);
    expect(found.map((message) => message?.messageId)).toEqual([...many, ...long].map(({ messageId }) => messageId));
    expect(found.at(-1)?.content.text).toBe(text);
    expect(new Set(await messages.raise(many.map((one) => ({ ...delivered(one), member: 'dan' }))))).toEqual(
      new Set(['raised']),
    );
    await messages.remove(many);
    expect((await messages.get(many)).filter((message) => message !== null)).toEqual([]);
  });

  test('C16: a page reads its own rows and one for each partition, however long the conversation is', async () => {
    const config = await scratch.ready(true);
    const { messages } = await scratch.openMessages({ ...config, pool: 1 });
    const all = made(3_000);
    await messages.put(all.map(toPut));
    const { database } = config.address;
    const read = async () => {
      const sql = "SHOW GLOBAL STATUS LIKE 'Handler_read_%'";
      const rows = (await runSql(config, sql, database)) as { Value: string }[];
      return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
    };
    expect(await leastOf(3, read, () => messages.page('ann~bob', { limit: 50 }))).toBeLessThan(250);
    const [middle] = all.slice(1_500) as [Message];
    const page = () => messages.page('ann~bob', { before: middle.messageId, limit: 50 });
    expect(await leastOf(3, read, page)).toBeLessThan(250);
    expect((await page()).map(({ messageId }) => messageId)).toEqual(
      all
        .slice(1_450, 1_500)
        .reverse()
        .map(({ messageId }) => messageId),
    );
  });
});

/** Others use the server, too. */
async function leastOf(times: number, count: () => Promise<number>, work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < times; n++) {
    const before = await count();
    await work();
    least = Math.min(least, (await count()) - before);
  }
  return least;
}
