import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { conversationOf, initialProfile, type Message } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { expect, onTestFinished, test } from 'vitest';
import { openEmbeddedEngines } from '../index.ts';
import { parts, scratchFolder } from '../testing/scratch.ts';

const folder = scratchFolder();
let made = 0;
const conversationId = conversationOf('ann', 'bob');

function message(n: number): Message {
  const messageId = `0190${String(n).padStart(20, '0')}`;
  return {
    messageId,
    conversationId,
    from: 'ann',
    fromDevice: 'phone',
    to: 'bob',
    clientMessageId: `key-${n}`,
    kind: 'c2c',
    content: { text: `needle${n}` },
    sentAt: n,
  };
}

async function open(dataDir: string) {
  const told: object[] = [];
  const logger = { ...parts.logger, error: (fields: object) => told.push(fields) } as unknown as Logger;
  const engines = await openEmbeddedEngines({ ...parts, logger, dataDir });
  onTestFinished(() => engines[Symbol.asyncDispose]());
  return { engines, told };
}

/** A folder with three messages and more, of a server that was stopped. */
async function stopped(): Promise<string> {
  const dataDir = join(folder, String(++made));
  const { engines } = await open(dataDir);
  const some = [message(1), message(2), message(3)];
  await engines.sessions.record(some);
  await engines.messages.put(some.map((each) => ({ message: each, steps: [] })));
  await engines.inboxes.append([
    { userId: 'bob', update: { type: 'read', conversationId, upTo: message(1).messageId, at: 5 } },
    { userId: 'bob', update: { type: 'read', conversationId, upTo: message(2).messageId, at: 6 } },
  ]);
  await engines[Symbol.asyncDispose]();
  return dataDir;
}

/** Writes over bytes of the file, as a disk does that forgets. */
function overwrite(dataDir: string, found: string, by: Buffer): void {
  const path = join(dataDir, 'store.db');
  const file = readFileSync(path);
  const at = file.indexOf(found);
  expect(at).toBeGreaterThan(0);
  by.copy(file, at);
  writeFileSync(path, file);
}

function change(dataDir: string, sql: string): void {
  const file = new DatabaseSync(join(dataDir, 'store.db'));
  file.exec(sql);
  file.close();
}

const noise = Buffer.from([200, 1, 34, 0, 255, 92, 7, 130, 34, 9, 250, 31, 34, 128]);

test.each([
  ['noise in its text', '"text":"needle2"', noise],
  ['noise before its content', '"fromDevice":"phone","to":"bob","clientMessageId":"key-2"', noise],
  ['another text', 'needle2', Buffer.from('noodle2')],
])('C3: a stored message with %s is served without content, and alone', async (_, found, by) => {
  const dataDir = await stopped();
  overwrite(dataDir, found, by);
  const { engines, told } = await open(dataDir);
  const { messageId } = message(2);
  for (let time = 0; time < 2; time++) {
    const page = await engines.messages.page(conversationId, { limit: 10 });
    expect(page.map(({ content }) => content)).toEqual([{ text: 'needle3' }, {}, { text: 'needle1' }]);
    expect(page[1]).toMatchObject({ messageId, conversationId, from: 'ann', to: 'bob', status: 'stored' });
    expect((await engines.messages.get([{ conversationId, messageId }]))[0]?.content).toEqual({});
    expect((await engines.messages.scan(null, 10)).messages.map(({ content }) => content)).toContainEqual({});
  }
  await expect
    .poll(() => told)
    .toEqual([{ file: join(dataDir, 'store.db'), row: `message ${messageId} of ${conversationId}` }]);
  expect(engines.degraded()).toEqual([expect.stringMatching(/store\.db: 1 damaged rows/)]);
  expect(await engines.messages.recall({ conversationId, messageId }, 9, 'n')).toBe(true);
  expect((await engines.messages.get([{ conversationId, messageId }]))[0]).toMatchObject({
    recalledAt: 9,
    content: {},
  });
});

test('C3: noise in a message of before checksums costs that message alone; a recalled one stays sound', async () => {
  const dataDir = await stopped();
  change(dataDir, 'ALTER TABLE messages DROP COLUMN checksum; PRAGMA user_version = 8');
  overwrite(dataDir, '"text":"needle2"', noise);
  const { engines } = await open(dataDir);
  const [third] = [message(3)];
  await engines.messages.recall(third, 9, 'n');
  const page = await engines.messages.page(conversationId, { limit: 10 });
  expect(page.map(({ content }) => content)).toEqual([{}, {}, { text: 'needle1' }]);
  expect(page[0]).toMatchObject({ recalledAt: 9, clientMessageId: 'key-3' });
  await expect.poll(() => engines.degraded()).toHaveLength(1);
});

test('C15: a damaged message stays silenced', async () => {
  const dataDir = join(folder, String(++made));
  const { engines } = await open(dataDir);
  await engines.messages.put([{ message: { ...message(1), silenced: true }, steps: [] }]);
  await engines[Symbol.asyncDispose]();
  overwrite(dataDir, '"text":"needle1"', noise);
  const again = (await open(dataDir)).engines;
  expect((await again.messages.get([message(1)]))[0]).toMatchObject({ silenced: true, content: {} });
});

test('C10: a damaged update of an inbox keeps its place, and says nothing', async () => {
  const dataDir = await stopped();
  // Into the table, where it is not in one row of the journal with others.
  const { engines: flushing } = {
    engines: await openEmbeddedEngines({ ...parts, dataDir, flushAt: { journalCharacters: 1, messages: 1 } }),
  };
  for (let n = 10; n < 13; n++) await flushing.sessions.record([message(n)]);
  await flushing[Symbol.asyncDispose]();
  change(
    dataDir,
    `UPDATE inbox SET body = 'x' || substr(body, 2) WHERE type = 3 AND body LIKE '%${message(1).messageId}%'`,
  );
  const { engines, told } = await open(dataDir);
  const { entries } = await engines.inboxes.page('bob', 0, 100);
  expect(entries.map(({ position }) => position)).toEqual(entries.map((__, i) => i + 1));
  expect(entries.slice(3, 5)).toMatchObject([
    { type: 'read', conversationId, upTo: '0'.repeat(24), position: 4 },
    { type: 'read', upTo: message(2).messageId, position: 5 },
  ]);
  await expect.poll(() => told).toMatchObject([{ row: 'update 4 of the inbox of bob' }]);
});

test('C10: a journal that cannot be read refuses the start by the name of its file', async () => {
  const dataDir = await stopped();
  change(dataDir, "UPDATE journal SET body = '{' || body");
  await expect(open(dataDir)).rejects.toMatchObject({
    code: 'data_damaged',
    message: expect.stringMatching(/store\.db is damaged: a row of its journal/),
  });
});

test('C15: damaged profiles, moments and pictures cost themselves alone', async () => {
  const dataDir = await stopped();
  const before = (await open(dataDir)).engines;
  for (const user of ['ann', 'bob']) await before.profiles.put({ ...initialProfile(user), version: 1 });
  const moment = { author: 'ann', text: 'seen', pictureIds: [], at: 1 };
  await before.moments.post({ ...moment, momentId: message(1).messageId, clientMomentId: 'a', chosen: ['bob'] });
  await before.moments.post({ ...moment, momentId: message(2).messageId, clientMomentId: 'b', chosen: ['bob'] });
  await before[Symbol.asyncDispose]();
  change(
    dataDir,
    `UPDATE profiles SET body = 'x' WHERE user = 'ann'; UPDATE meta SET value = 0 WHERE key = 'name_word_rules';
     UPDATE moments SET chosen = '["bob' WHERE client_id = 'a'; UPDATE moments SET pictures = '[' WHERE client_id = 'b'`,
  );
  const { engines, told } = await open(dataDir);
  const [ann, bob] = await engines.profiles.get(['ann', 'bob']);
  expect([ann?.version, ann?.privacy.discoverable, bob?.displayName]).toEqual([1, false, 'bob']);
  expect(await engines.profiles.put({ ...initialProfile('ann'), version: 2 })).toBe(true);
  const seen = await engines.moments.page('bob', ['ann'], { limit: 10 });
  expect(seen.map(({ clientMomentId, pictures }) => [clientMomentId, pictures])).toEqual([['b', []]]);
  await expect.poll(() => told.length).toBe(2);
});
