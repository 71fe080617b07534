import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { directAudience, directConversation, initialProfile, type Message } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import { expect, onTestFinished, test } from 'vitest';
import { type EmbeddedEngines, openEmbeddedEngines } from '../index.ts';
import { direct, toPut, toRecord } from '../testing/direct-messages.ts';
import { writeFormerStore } from '../testing/former-store.ts';
import { parts, scratchFolder } from '../testing/scratch.ts';

const folder = scratchFolder();
let made = 0;
const conversationId = directConversation('ann', 'bob');

function message(n: number): Message {
  const messageId = `0190${String(n).padStart(20, '0')}`;
  return direct({ messageId, clientMessageId: `key-${n}`, text: `needle${n}`, sentAt: n });
}

const recall = ({ messages }: EmbeddedEngines, n: number) =>
  messages.apply([{ ...message(n), action: { action: 'recall', revision: 1, by: 'ann', at: 9 }, node: 'n' }]);

async function open(dataDir: string) {
  const told: object[] = [];
  const logger = { ...parts.logger, error: (fields: object) => told.push(fields) } as unknown as Logger;
  const engines = await openEmbeddedEngines({ ...parts, logger, dataDir, upgrade: true });
  onTestFinished(() => engines[Symbol.asyncDispose]());
  return { engines, told };
}

/** The folder of a stopped server, with three messages and more. */
async function stopped(): Promise<string> {
  const dataDir = join(folder, String(++made));
  const { engines } = await open(dataDir);
  const some = [message(1), message(2), message(3)];
  await engines.conversations.record(some.map(toRecord));
  await engines.messages.put(some.map((each) => toPut(each)));
  await engines.logs.append([
    { log: 'bob', update: { type: 'read', conversationId, upTo: message(1).messageId, at: 5 } },
    { log: 'bob', update: { type: 'read', conversationId, upTo: message(2).messageId, at: 6 } },
  ]);
  await engines[Symbol.asyncDispose]();
  return dataDir;
}

/** Overwrites bytes of the file, as a failing disk does. */
function overwrite(dataDir: string, found: string, by: Buffer): void {
  const path = join(dataDir, 'store.db');
  const file = readFileSync(path);
  expect(file.includes(found)).toBe(true);
  // Also in pages that are not in use.
  for (let at = file.indexOf(found); at >= 0; at = file.indexOf(found, at)) by.copy(file, at);
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
  ['noise before its content', '"clientMessageId":"key-2","kind"', noise],
  ['another text', 'needle2', Buffer.from('noodle2')],
])('C3: a stored message with %s is served without content, and alone', async (_, found, by) => {
  const dataDir = await stopped();
  overwrite(dataDir, found, by);
  const { engines, told } = await open(dataDir);
  const { messageId } = message(2);
  for (let time = 0; time < 2; time++) {
    const page = await engines.messages.page(conversationId, { limit: 10 });
    expect(page.map(({ content }) => content)).toEqual([{ text: 'needle3' }, {}, { text: 'needle1' }]);
    expect(page[1]).toMatchObject({ messageId, conversationId, from: 'ann', audience: ['ann', 'bob'], statuses: {} });
    expect((await engines.messages.get([{ conversationId, messageId }]))[0]?.content).toEqual({});
    expect((await engines.messages.scan(null, 10)).messages.map(({ content }) => content)).toContainEqual({});
  }
  await expect
    .poll(() => told)
    .toEqual([{ file: join(dataDir, 'store.db'), row: `message ${messageId} of ${conversationId}` }]);
  expect(engines.degraded()).toEqual([expect.stringMatching(/store\.db: 1 damaged rows/)]);
  expect(await recall(engines, 2)).toEqual(['applied']);
  expect((await engines.messages.get([{ conversationId, messageId }]))[0]).toMatchObject({
    recalledAt: 9,
    content: {},
  });
});

/** A file of the release before; in the second case, without its checksums. */
test.each([
  ['', ''] as const,
  [' and before checksums', 'ALTER TABLE messages DROP COLUMN checksum; PRAGMA user_version = 8'] as const,
])(
  'C3, C15: noise in messages of before version 10%s costs each of them its content, and nothing else',
  async (_, changes) => {
    const dataDir = join(folder, String(++made));
    writeFormerStore(dataDir, changes);
    for (const text of ['needle12', 'needle14', 'needle23']) overwrite(dataDir, `"text":"${text}"`, noise);
    const { engines } = await open(dataDir);
    const page = await engines.messages.page(conversationId, { limit: 10 });
    const texts = Object.fromEntries(page.map(({ messageId, content }) => [Number(messageId.slice(4)), content.text]));
    expect(texts).toEqual({
      10: 'needle10',
      11: 'needle11',
      12: undefined,
      13: 'needle13',
      14: undefined,
      15: undefined,
      16: 'needle16',
    });
    const of = (n: number) => page.find(({ messageId }) => messageId === message(n).messageId);
    expect(of(12)).toMatchObject({ from: 'ann', audience: ['ann', 'bob'], statuses: { bob: 'read' } });
    expect(of(14)).toMatchObject({ from: 'bob', audience: ['bob', 'ann'] });
    const [quiet] = await engines.messages.page('ann~cat', { limit: 1 });
    expect([quiet?.messageId, quiet?.audience, quiet?.content]).toEqual([message(23).messageId, ['ann'], {}]);
    expect(await recall(engines, 12)).toEqual(['applied']);
    expect(await recall(engines, 13)).toEqual(['applied']);
    const again = await engines.messages.get([12, 13].map((n) => message(n)));
    expect(again).toMatchObject([
      { recalledAt: 9, revision: 1, audience: ['ann', 'bob'], statuses: { bob: 'read' } },
      { recalledAt: 9, revision: 1, audience: ['ann', 'bob'], clientMessageId: 'key-13' },
    ]);
    expect(again.map((one) => one?.content)).toEqual([{}, {}]);
    await expect.poll(() => engines.degraded()).toEqual([expect.stringMatching(/store\.db: 3 damaged rows/)]);
  },
);

test('C15: a damaged message stays its sender’s alone where its receiver silently blocked the sender', async () => {
  const dataDir = join(folder, String(++made));
  const { engines } = await open(dataDir);
  await engines.messages.put([toPut({ ...message(1), audience: directAudience('ann', 'bob', true) })]);
  await engines[Symbol.asyncDispose]();
  overwrite(dataDir, '"text":"needle1"', noise);
  const again = (await open(dataDir)).engines;
  expect((await again.messages.get([message(1)]))[0]).toMatchObject({ audience: ['ann'], fromDevice: 'phone' });
});

test('C10: a damaged update of an inbox keeps its place, and says nothing', async () => {
  const dataDir = join(folder, String(++made));
  writeFormerStore(dataDir, "UPDATE inbox SET body = 'x' || substr(body, 2) WHERE user = 1 AND position = 7");
  const { engines, told } = await open(dataDir);
  const { entries } = await engines.logs.page('ann', 2, 100);
  expect(entries.map(({ position }) => position)).toEqual(entries.map((__, i) => 3 + i));
  expect(entries.slice(4, 6)).toMatchObject([
    { type: 'read', upTo: '0'.repeat(24), position: 7 },
    { type: 'message', position: 8 },
  ]);
  await expect.poll(() => told).toMatchObject([{ row: 'update 7 of the inbox of ann' }]);
});

test('C3, C15: a damaged chunk of sorted runs fails what needs it by the name of its file, and nothing else', {
  timeout: 60_000,
}, async () => {
  const dataDir = join(folder, String(++made));
  const flushAt = { journalCharacters: 1, messages: 1 };
  const { [Symbol.asyncDispose]: close, ...before } = await openEmbeddedEngines({ ...parts, dataDir, flushAt });
  const others = (n: number) =>
    direct({ messageId: message(n).messageId, clientMessageId: `other-${n}`, from: 'cat', to: 'dan' });
  for (let n = 1; n < 40; n++) await before.conversations.record([toRecord(message(n))]);
  await close();
  // A chunk with rows: where sections of chunks begin, they have a key or an id, but not both.
  const has = [message(20).messageId, 'key-20'].map((text) => `instr(body, '${text}') > 0`).join(' AND ');
  change(dataDir, `UPDATE run_chunks SET body = body || x'00' WHERE ${has}`);
  const engines = await openEmbeddedEngines({ ...parts, dataDir, flushAt });
  onTestFinished(() => engines[Symbol.asyncDispose]());
  await expect(engines.logs.page('bob', 0, 100)).rejects.toMatchObject({
    message: expect.stringMatching(/store\.db is damaged \(chunk \d+ of its sorted runs/),
  });
  // Merges give up where a chunk is damaged; what is written goes on.
  for (let n = 1; n <= 900; n++) await engines.conversations.record([toRecord(others(n))]);
  expect((await engines.logs.page('dan', 0, 1_000)).entries).toHaveLength(900);
  await expect.poll(() => engines.degraded()).toEqual([expect.stringMatching(/store\.db: 1 damaged row/)]);
});

test('C10: a journal that cannot be read refuses the start by the name of its file', async () => {
  const dataDir = await stopped();
  change(dataDir, "UPDATE journal SET body = '{' || body");
  await expect(open(dataDir)).rejects.toMatchObject({
    code: 'data_damaged',
    message: expect.stringMatching(/store\.db is damaged: a row of its journal/),
  });
});

test('C15: a damaged state of a conversation is the default, and its user can set it again', async () => {
  const dataDir = await stopped();
  const before = (await open(dataDir)).engines;
  const keys = ['ann', 'bob'].map((userId) => ({ userId, conversationId: 'ann~bob' }));
  for (const key of keys) await before.conversationStates.change(key, { draft: key.userId }, 1);
  await before[Symbol.asyncDispose]();
  change(dataDir, `UPDATE conversation_states SET body = 'x' WHERE body LIKE '%ann%'`);
  const { engines, told } = await open(dataDir);
  const drafts = async () => (await engines.conversationStates.get(keys)).map(({ draft }) => draft);
  expect(await drafts()).toEqual(['', 'bob']);
  await expect.poll(() => told).toMatchObject([{ row: 'state of ann~bob for ann' }]);
  await engines.conversationStates.change({ userId: 'ann', conversationId: 'ann~bob' }, { draft: 'again' }, 2);
  expect(await drafts()).toEqual(['again', 'bob']);
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
