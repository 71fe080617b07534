import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CONVERSATION_TOPIC, formatMessageId, type MessageToRecord, positionIn } from '@chasqui/domain';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type EmbeddedEngines, type EmbeddedEnginesOptions, openEmbeddedEngines } from './index.ts';
import { direct, toRecord } from './testing/direct-messages.ts';
import { parts, scratchFolder } from './testing/scratch.ts';

const root = scratchFolder();
let made = 0;

async function open(dataDir: string, options: Partial<EmbeddedEnginesOptions> = {}): Promise<EmbeddedEngines> {
  const engines = await openEmbeddedEngines({ ...parts, ...options, dataDir });
  onTestFinished(() => engines[Symbol.asyncDispose]());
  return engines;
}

function message(n: number): MessageToRecord {
  const messageId = `0190${String(n).padStart(20, '0')}`;
  return toRecord(direct({ messageId, clientMessageId: `key-${n}`, sentAt: n }));
}

/** A folder whose store was written commit by commit, and then modified by SQL. */
async function changed(sql: string, flush: number): Promise<string> {
  const dataDir = join(root, String(++made));
  const engines = await open(dataDir, { flushAt: { journalCharacters: flush, messages: flush } });
  for (let n = 1; n <= 6; n++) await engines.conversations.record([message(n)]);
  await engines[Symbol.asyncDispose]();
  const file = new DatabaseSync(join(dataDir, 'store.db'));
  expect(file.prepare(sql).run().changes, sql).toBeGreaterThan(0);
  file.close();
  return dataDir;
}

describe('C10: an inbox with a gap is never opened as if it had none: the error names the file and the position', () => {
  test.each([
    ['a row of the journal is gone', 'DELETE FROM journal WHERE id = 3', /lacks position 3 of the inbox/, 4_000_000],
    ['its first row is gone', 'DELETE FROM journal WHERE id = 1', /lacks position 1 of the inbox/, 4_000_000],
  ])('%s', async (_, sql, says, flush) => {
    const dataDir = await changed(sql, flush);
    await expect(openEmbeddedEngines({ ...parts, dataDir })).rejects.toMatchObject({
      code: 'data_damaged',
      message: expect.stringMatching(says),
      details: { file: join(dataDir, 'store.db') },
    });
  });

  test('what the journal and the tables both have is there once', async () => {
    // As after a crash during a flush: the rows are in the tables, and still in the journal.
    const dataDir = join(root, String(++made));
    const engines = await open(dataDir);
    for (let n = 1; n <= 4; n++) await engines.conversations.record([message(n)]);
    await engines[Symbol.asyncDispose]();
    const file = new DatabaseSync(join(dataDir, 'store.db'));
    const rows = file.prepare('SELECT body FROM journal ORDER BY id').all();
    file.close();
    const flushing = await open(dataDir, { flushAt: { journalCharacters: 1, messages: 1 } });
    await flushing.conversations.record([message(5)]);
    await flushing[Symbol.asyncDispose]();
    const again = new DatabaseSync(join(dataDir, 'store.db'));
    again.exec('DELETE FROM journal');
    for (const { body } of rows) again.prepare('INSERT INTO journal (body) VALUES (?)').run(body ?? '');
    again.close();
    const { logs, conversations } = await open(dataDir);
    const { entries } = await logs.page('bob', 0, 100);
    expect(entries.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
    const [resent] = await conversations.record([message(2)]);
    expect(resent?.result).toBe('duplicate');
    expect(resent?.result === 'duplicate' && positionIn(resent.places, 'bob')).toBe(2);
  });
});

test('C8: what the journal restores is counted on: an older message is read, and the newer ones stay unread', async () => {
  const dataDir = join(root, String(++made));
  const engines = await open(dataDir);
  for (let n = 1; n <= 4; n++) await engines.conversations.record([message(n)]);
  await engines[Symbol.asyncDispose]();
  const { conversations } = await open(dataDir);
  const { conversationId, messageId: upTo } = message(2);
  const { unread } = await conversations.markRead({ userId: 'bob', conversationId, upTo, at: 5, node: 'n' });
  expect(unread).toMatchObject({ count: 2, total: 2 });
});

test('C1: offsets of the bus never come back when everything was done and dropped', async () => {
  const dataDir = join(root, String(++made));
  const seen: string[] = [];
  const work = async (body: string) => {
    const engines = await open(dataDir, { retentionMs: 0 });
    const before = seen.length;
    engines.bus.consume({
      topic: CONVERSATION_TOPIC,
      group: 'g',
      handle: async (batch) => void seen.push(...batch.map(({ id }) => id)),
    });
    await engines.bus.publish({ topic: CONVERSATION_TOPIC, shard: 0, body });
    await expect.poll(() => seen.length - before, { timeout: 10_000 }).toBe(1);
    await engines[Symbol.asyncDispose]();
  };
  await work('one');
  const file = new DatabaseSync(join(dataDir, 'bus.db'));
  // The state that the trimmer leaves.
  file.exec('INSERT OR REPLACE INTO streams SELECT stream, next FROM positions; DELETE FROM batches');
  file.close();
  await work('two');
  expect(seen).toEqual(['1', '2']);
});

test('C13: an index that was being rebuilt when the process ended is dropped, and the next rebuild begins empty', async () => {
  const dataDir = join(root, String(++made));
  const document = (text: string, n: number) => ({
    messageId: formatMessageId({ millis: 1_700_000_000_000 + n, counter: 0, tag: 1 }),
    conversationId: 'ann~bob',
    from: 'ann',
    logs: ['ann', 'bob'],
    sentAt: 1,
    status: 'stored' as const,
    text,
    version: 1,
  });
  const find = async ({ search }: EmbeddedEngines) =>
    (await search.search({ logs: ['ann'], text: 'words', limit: 9 })).map(({ text }) => text);
  const first = await open(dataDir);
  await first.search.index([document('live words', 1)]);
  await (await first.search.rebuild()).index([document('half words', 2)]);
  await first[Symbol.asyncDispose]();
  const second = await open(dataDir);
  expect(await find(second)).toEqual(['live words']);
  const rebuild = await second.search.rebuild();
  await rebuild.index([document('whole words', 3)]);
  await rebuild.commit();
  expect(await find(second)).toEqual(['whole words']);
});
