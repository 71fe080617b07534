import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { formatMessageId, SEARCH_TOKEN_RULES } from '@chasqui/domain';
import type { SearchDocument, SearchIndex } from '@chasqui/ports';
import { expect, onTestFinished, test } from 'vitest';
import { openSearchOnly } from '../testing/parts.ts';
import { parts, scratchFolder } from '../testing/scratch.ts';
import { createSearchIndex } from './search-index.ts';

const document = (n: number, text: string): SearchDocument => ({
  messageId: formatMessageId({ millis: 1_700_000_000_000 + n, counter: 0, tag: 1 }),
  conversationId: 'ann~bob',
  from: 'ann',
  logs: ['ann', 'bob'],
  sentAt: 1,
  status: 'stored',
  text,
  version: 1,
});
const CAFE = document(1, 'Un café');
const OTHER = document(2, 'love❤️letters');

/** What versions 1 and 3 differ in: whose documents are, and whether their rules are noted. */
const VERSION_1 = { users: '"to"', logs: 'bob', rules: '' };
const VERSION_3 = {
  users: 'users',
  logs: 'ann,bob',
  rules: `CREATE TABLE generations (number INTEGER PRIMARY KEY, rules INTEGER NOT NULL,
      resumable INTEGER NOT NULL DEFAULT 0, cursor TEXT);
    INSERT INTO generations (number, rules) VALUES (1, ${SEARCH_TOKEN_RULES})`,
};

/** An index as older versions wrote it: with SQLite's full text, whose words are not normalized in version 1. */
function writeOldIndex(dataDir: string, { users, logs, rules } = VERSION_1): void {
  const file = new DatabaseSync(join(dataDir, 'search.db'));
  file.exec(`
    CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE live (generation INTEGER NOT NULL);
    INSERT INTO live VALUES (1);
    INSERT INTO names VALUES (1, 'ann'), (2, 'bob'), (3, 'ann~bob');
    CREATE TABLE docs_1 (slot INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL,
      "from" TEXT NOT NULL, ${users} TEXT NOT NULL, sent_at INTEGER NOT NULL, status INTEGER NOT NULL,
      version INTEGER NOT NULL, text TEXT NOT NULL);
    CREATE VIRTUAL TABLE words_1 USING fts5(
      whose, words, content='', contentless_delete=1, detail=column, tokenize='ascii');
    ${rules};
    PRAGMA user_version = ${rules === '' ? 1 : 3}`);
  const words = ['un café', 'love \ufe0fletters'];
  for (const [at, { messageId, text }] of [CAFE, OTHER].entries()) {
    file
      .prepare('INSERT INTO docs_1 VALUES (?, ?, ?, ?, ?, 1, 1, 1, ?)')
      .run(at, messageId, 'ann~bob', 'ann', logs, text);
    file.prepare('INSERT INTO words_1 (rowid, whose, words) VALUES (?, ?, ?)').run(at, 'n1 n2 n3', words[at] ?? '');
  }
  file.close();
}

async function open(dataDir: string): Promise<{ index: SearchIndex; close(): Promise<void> }> {
  const { subject, close } = await openSearchOnly({ ...parts, dataDir });
  onTestFinished(close);
  return { index: createSearchIndex(subject), close };
}

const shownOf = ({ version, logs, ...shown }: SearchDocument) => shown;
const found = async (index: SearchIndex, text: string) =>
  (await index.search({ logs: ['ann'], text, limit: 9 })).map((hit) => hit.text);

test('C13: an index of an older version answers by the words of this one, and no full text is left', async () => {
  const dataDir = scratchFolder();
  writeOldIndex(dataDir, VERSION_3);
  const { index, close } = await open(dataDir);
  for (const [query, text] of [
    ['café', CAFE.text],
    ['cafe', CAFE.text],
    ['letters', OTHER.text],
  ] as const) {
    expect(await found(index, query)).toEqual([text]);
  }
  const [hit] = await index.search({ logs: ['bob'], text: 'cafe', limit: 9 });
  expect(hit).toEqual({ ...shownOf(CAFE), status: 'unread', exact: false });
  expect(await index.rebuildDue()).toBe(false);
  await close();
  const file = new DatabaseSync(join(dataDir, 'search.db'));
  const tables = file.prepare('SELECT name FROM sqlite_master').all();
  file.close();
  expect(tables.map(({ name }) => name).filter((name) => /^(names|docs|words)/.test(String(name)))).toEqual([]);
});

test('C13: an index of the version that named receivers alone answers, and is due for a rebuild', async () => {
  const dataDir = scratchFolder();
  writeOldIndex(dataDir);
  const { index } = await open(dataDir);
  expect([await found(index, 'cafe'), await found(index, 'letters')]).toEqual([[CAFE.text], [OTHER.text]]);
  expect(await index.rebuildDue()).toBe(true);
  await using rebuild = await index.rebuild({ resume: true });
  await rebuild.index([OTHER]);
  await rebuild.commit();
  expect([await found(index, 'cafe'), await found(index, 'letters')]).toEqual([[], [OTHER.text]]);
  expect(await index.rebuildDue()).toBe(false);
});

test('C13: an index of an older version, which named receivers, takes new documents for all their users', async () => {
  const dataDir = scratchFolder();
  writeOldIndex(dataDir);
  const { index } = await open(dataDir);
  const three = { ...document(3, 'tea for three'), logs: ['ann', 'bob', 'cat'] };
  expect(await index.index([three, { ...CAFE, text: 'Un thé', version: 2 }])).toEqual([null, null]);
  expect(await index.search({ logs: ['cat'], text: 'tea', limit: 9 })).toMatchObject([{ messageId: three.messageId }]);
  expect([await found(index, 'café'), await found(index, 'thé')]).toEqual([[], ['Un thé']]);
});

test('C13: a rebuild that a restart interrupts is due again at once, and goes on where it was', async () => {
  const dataDir = scratchFolder();
  writeOldIndex(dataDir);
  const first = await open(dataDir);
  const interrupted = await first.index.rebuild({ resume: true });
  await interrupted.index([CAFE]);
  await interrupted.reached('1');
  expect(await first.index.rebuildDue()).toBe(false);
  await first.close();
  const { index } = await open(dataDir);
  expect([await found(index, 'cafe'), await index.rebuildDue()]).toEqual([[CAFE.text], true]);
  await using rebuild = await index.rebuild({ resume: true });
  expect([rebuild.cursor, await index.rebuildDue()]).toEqual(['1', false]);
  await rebuild.index([OTHER]);
  await rebuild.commit();
  expect([await found(index, 'cafe'), await found(index, 'letters')]).toEqual([[CAFE.text], [OTHER.text]]);
});

test('C13: an interrupted rebuild by rules that are not these is not gone on with, nor one that lost writes', async () => {
  const dataDir = scratchFolder();
  for (const spoil of ['UPDATE generations SET rules = 1', 'later'] as const) {
    rmSync(join(dataDir, 'search.db'), { force: true });
    writeOldIndex(dataDir);
    const { subject, close } = await openSearchOnly({ ...parts, dataDir });
    const interrupted = await createSearchIndex(subject).rebuild({ resume: true });
    await interrupted.reached('1');
    if (spoil === 'later') await subject.call('search.rebuildLater', null);
    await close();
    if (spoil !== 'later') {
      const file = new DatabaseSync(join(dataDir, 'search.db'));
      file.exec(spoil);
      file.close();
    }
    const { index, close: end } = await open(dataDir);
    expect(await index.rebuildDue()).toBe(true);
    const rebuild = await index.rebuild({ resume: true });
    expect(rebuild.cursor).toBeNull();
    await end();
  }
});
