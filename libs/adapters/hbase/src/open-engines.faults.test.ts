import { addresseesOf, directAudience, encodeMessage, HybridClock, type Message } from '@chasqui/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openHbaseEngines } from './index.ts';
import { messageRow } from './messages/row-keys.ts';
import { FakeHbase } from './testing/fake-hbase.ts';
import { FakeException } from './testing/fake-region-server.ts';
import { type RealEngines, until } from './testing/real.ts';

const ids = new HybridClock({ now: () => Date.now(), tag: 9 });
let made = 0;

/** Each message has its own conversation, so that they spread over both servers. */
function message(): Message {
  made++;
  return {
    messageId: ids.next(),
    conversationId: `ann~peer${made}`,
    from: 'ann',
    fromDevice: 'phone',
    clientMessageId: `key-${made}`,
    kind: 'c2c',
    content: { text: `text ${made}` },
    sentAt: Date.now(),
    audience: directAudience('ann', `peer${made}`),
  };
}

const messages = (count: number) => Array.from({ length: count }, message);
const puts = (all: readonly Message[]) => all.map((one) => ({ ...encodeMessage(one), steps: [] }));
const delivered = (one: Message) => ({
  ...one,
  member: addresseesOf(one)[0] ?? '',
  status: 'delivered' as const,
  at: 5,
  node: 'n',
});

let fake: FakeHbase;
let engines: RealEngines;

beforeEach(async () => {
  fake = await FakeHbase.start();
  engines = await openHbaseEngines(fake.options({ CHASQUI_HBASE_MAX_IN_FLIGHT: '8' }));
});

afterEach(async () => {
  await engines[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

const found = async (all: readonly Message[]) => (await engines.messages.get(all)).filter((one) => one !== null).length;

describe('regions that move', () => {
  test('rows are found again when their regions went to another server', async () => {
    const all = messages(10);
    await engines.messages.put(puts(all));
    fake.moveAll(1, 0);
    expect(await found(all)).toBe(10);
    expect(await engines.messages.raise(all.map(delivered))).toEqual(all.map(() => 'raised'));
  });

  test('rows are found again when their region was split', async () => {
    const all = messages(20);
    await engines.messages.put(puts(all));
    const middle = all[7] ?? expect.fail();
    fake.split('t_messages', messageRow(middle.conversationId, middle.messageId));
    expect(await found(all)).toBe(20);
    expect((await engines.messages.scan(null, 100)).messages).toHaveLength(20);
  });

  test('C11: a server that came back at another address is found, also the one with the table of regions', async () => {
    const all = messages(10);
    await engines.messages.put(puts(all));
    const heir = await fake.addServer();
    await fake.servers[0]?.[Symbol.asyncDispose]();
    fake.moveAll(0, heir);
    fake.announceMeta(heir);
    expect(await found(all)).toBe(10);
  });
});

/** Whether the request contains conditional mutations. */
const isChecked = (request: Buffer) => request.includes('BinaryComparator');

describe('statuses', () => {
  test('C7: many are raised in few calls, none of them long; each is told what became of it', async () => {
    const all = messages(95);
    await engines.messages.put(puts(all));
    await engines.messages.raise(all.slice(0, 5).map((one) => ({ ...delivered(one), status: 'read' })));
    fake.batches.length = 0;
    const expected = all.map((_, i) => (i < 5 ? 'further' : 'raised'));
    expect(await engines.messages.raise(all.map(delivered))).toEqual(expected);
    // Each change that was not applied is read once more, in one call per server.
    expect(fake.batches.length).toBeLessThan(15);
    expect(Math.max(...fake.batches.map(({ actions }) => actions))).toBe(10);
  });

  test('a server that leaves conditions unread is not worked with', async () => {
    fake.knowsConditions = false;
    await expect(openHbaseEngines(fake.options())).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('HBase 2.4 or later'),
    });
  });
});

describe('answers that get lost', () => {
  test('C7: a raise whose answer was lost is raised, and told so once', async () => {
    const all = messages(1);
    await engines.messages.put(puts(all));
    let lost = 0;
    fake.fate = (_, __, request) => (isChecked(request) && lost++ === 0 ? 'lose' : 'answer');
    expect(await engines.messages.raise(all.map(delivered))).toEqual(['raised']);
    expect(lost).toBe(2);
    expect(await engines.messages.raise(all.map(delivered))).toEqual(['same']);
  });

  test('C7: it is raised also if somebody raised further before the second try', async () => {
    const [one] = messages(1);
    if (one === undefined) expect.fail();
    await engines.messages.put(puts([one]));
    await using second = await openHbaseEngines(fake.options());
    let isLost = false;
    fake.fate = (_, __, request) => {
      if (!isChecked(request) || request.includes('other')) return 'answer';
      // The retry fails until the other write is done.
      if (isLost) throw new FakeException('org.apache.hadoop.hbase.CallQueueTooBigException');
      isLost = true;
      return 'lose';
    };
    const mine = engines.messages.raise([delivered(one)]);
    await until('the answer is lost', () => isLost);
    expect(await second.messages.raise([{ ...delivered(one), status: 'read', node: 'other' }])).toEqual(['raised']);
    fake.fate = () => 'answer';
    expect(await mine).toEqual(['raised']);
    expect((await engines.messages.get([one]))[0]).toMatchObject({ statuses: { [delivered(one).member]: 'read' } });
  });

  test('a put whose answer was lost is done once', async () => {
    const all = messages(10);
    let lost = 0;
    fake.fate = (method) => (method === 'Multi' && lost++ < 2 ? 'lose' : 'answer');
    await engines.messages.put(puts(all));
    expect((await engines.messages.scan(null, 100)).messages).toHaveLength(10);
  });
});

describe('what is away', () => {
  test('C11: a frozen server fails calls within their deadline; they succeed once it answers again', async () => {
    const all = messages(2);
    await engines.messages.put(puts(all));
    fake.fate = () => 'silence';
    const startedAt = performance.now();
    await expect(engines.messages.get(all)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    fake.fate = () => 'answer';
    expect(await found(all)).toBe(2);
  });

  test('C11: refused connections fail calls within their deadline', async () => {
    const all = messages(2);
    for (const server of fake.servers) await server[Symbol.asyncDispose]();
    const startedAt = performance.now();
    await expect(engines.messages.put(puts(all))).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(fake.zookeeper.reads.length).toBeLessThan(40);
  });

  test('ZooKeeper is not missed while the servers stay', async () => {
    const all = messages(5);
    await engines.messages.put(puts(all));
    await fake.zookeeper[Symbol.asyncDispose]();
    fake.moveAll(1, 0);
    expect(await found(all)).toBe(5);
  });

  test('a start waits for a ZooKeeper that comes later, and for HBase to write its address there', async () => {
    const options = fake.options();
    const node = fake.zookeeper.nodes.get('/hbase/meta-region-server') ?? expect.fail();
    fake.zookeeper.nodes.clear();
    await fake.zookeeper[Symbol.asyncDispose]();
    let tries = 0;
    const logger = { ...options.logger, warn: () => tries++ };
    const opening = openHbaseEngines({ ...options, logger });
    await until('it has failed once', () => tries > 0);
    await fake.zookeeper.listen(fake.zookeeperPort);
    await until('it has read in vain', () => fake.zookeeper.reads.length > 0);
    fake.zookeeper.nodes.set('/hbase/meta-region-server', node);
    await (await opening)[Symbol.asyncDispose]();
  });

  test('missing tables are one clear message, at once', async () => {
    fake.dropTable('t_message_locations');
    await expect(openHbaseEngines(fake.options())).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('npx chasqui setup'),
    });
  });
});

describe('bounds', () => {
  test('C16: however much is asked at once, few calls are on their way', async () => {
    const one = messages(1);
    await using patient = await openHbaseEngines(
      fake.options({
        CHASQUI_HBASE_MAX_IN_FLIGHT: '8',
        CHASQUI_HBASE_DEADLINE_MS: '30000',
        CHASQUI_HBASE_CALL_TIMEOUT_MS: '30000',
      }),
    );
    await patient.messages.put(puts(one));
    const all = await Promise.all(Array.from({ length: 2_000 }, () => patient.messages.get(one)));
    expect(all).toHaveLength(2_000);
    expect(Math.max(...fake.servers.map((server) => server.mostOpen))).toBeLessThanOrEqual(8);
  });

  test('C16: what finds no room to wait fails at once', async () => {
    await using narrow = await openHbaseEngines(
      fake.options({
        CHASQUI_HBASE_MAX_IN_FLIGHT: '1',
        CHASQUI_HBASE_MAX_WAITING: '2',
        CHASQUI_HBASE_DEADLINE_MS: '200',
      }),
    );
    fake.fate = () => 'silence';
    const outcomes = await Promise.allSettled(messages(10).map((one) => narrow.messages.get([one])));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  });

  test('a batch is one call for each server; what failed in it is repeated alone', async () => {
    const all = messages(40);
    await engines.messages.put(puts(all));
    fake.batches.length = 0;
    await engines.messages.put(puts(all));
    const [ofFirst, ofSecond] = fake.batches.toSorted((a, b) => a.server - b.server);
    expect(fake.batches).toHaveLength(2);
    expect((ofFirst?.actions ?? 0) + (ofSecond?.actions ?? 0)).toBe(80);
    fake.moveAll(1, 0);
    await engines.messages.put(puts(all));
    // The second server did nothing but reject its calls.
    expect(fake.batches.slice(2)).toContainEqual({ server: 0, actions: ofSecond?.actions });
    expect(fake.batches.slice(2).every(({ actions }) => actions < 80)).toBe(true);
  });

  test('a page is whole when its rows come in several answers', async () => {
    const conversation = messages(7).map((one) => ({
      ...one,
      conversationId: 'ann~bob',
      audience: directAudience('ann', 'bob'),
    }));
    await engines.messages.put(puts(conversation));
    fake.rowsPerAnswer = 3;
    const page = await engines.messages.page('ann~bob', { limit: 5 });
    expect(page.map(({ messageId }) => messageId)).toEqual(
      conversation
        .slice(2)
        .map(({ messageId }) => messageId)
        .reverse(),
    );
  });
});

describe('servers that answer oddly', () => {
  test('one that is busy is asked again, at the same place', async () => {
    const all = messages(3);
    await engines.messages.put(puts(all));
    const lookups = () => fake.servers[0]?.calls.filter((method) => method === 'Scan').length;
    const before = lookups();
    let refusals = 0;
    fake.fate = (method) => {
      if (method === 'Multi' && refusals++ < 3)
        throw new FakeException('org.apache.hadoop.hbase.CallQueueTooBigException');
      return 'answer';
    };
    expect(await found(all)).toBe(3);
    expect(lookups()).toBe(before);
  });

  test('what is refused fails at once and says why', async () => {
    fake.fate = () => {
      throw new FakeException('org.apache.hadoop.hbase.security.AccessDeniedException');
    };
    const startedAt = performance.now();
    await expect(engines.messages.get(messages(1))).rejects.toMatchObject({
      code: 'store_unavailable',
      details: { reason: 'AccessDeniedException' },
    });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await expect(openHbaseEngines(fake.options())).rejects.toMatchObject({ code: 'config_invalid' });
  });

  test('one that sends nonsense is left, and asked anew on another connection', async () => {
    const all = messages(3);
    await engines.messages.put(puts(all));
    for (const server of fake.servers) server.sendAll(Buffer.alloc(100, 0xee));
    expect(await found(all)).toBe(3);
  });
});
