import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { createClient } from '../index.ts';
import { engineContract, kept, texts } from '../testing/engine-contract.ts';
import { farEngine } from '../testing/far-engine.ts';
import { fromBob, ScriptedServer } from '../testing/scripted-server.ts';
import { atOnce, TestDatabase } from '../testing/test-database.ts';
import { NO_CHANGES } from './engine.ts';
import { sqliteStore } from './sqlite.ts';
import { openSqlite } from './sqlite-engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'chasqui-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string) => join(folder, name);

engineContract('SQLite', async (name) => farEngine(openSqlite(file(name), 'amy')));

const databases = new Map<string, TestDatabase>();
engineContract('the database of the simulation', async (name) => {
  const made = databases.get(name) ?? new TestDatabase(atOnce, () => 0);
  databases.set(name, made);
  return farEngine(made.engine());
});

test('a file of another user is empty, and what it had is on the disk no more', () => {
  const amys = openSqlite(file('shared'), 'amy');
  void amys.write({
    ...texts(['head', 'amys head']),
    messages: [kept('a', 1, { content: { text: 'for amy alone' } })],
  });
  amys.close();
  const bobs = openSqlite(file('shared'), 'bob');
  expect([bobs.keys(), bobs.recent()]).toEqual([[], []]);
  void bobs.write({ ...NO_CHANGES, messages: [kept('b', 1)] });
  bobs.close();
  expect(readFileSync(file('shared')).includes('for amy alone')).toBe(false);
  expect(readFileSync(file('shared')).includes('amys head')).toBe(false);
  const again = openSqlite(file('shared'), 'bob');
  expect(again.recent()).toEqual([kept('b', 1)]);
  again.close();
});

test('a file that a later version of the library wrote is refused, and stays as it is', () => {
  openSqlite(file('later'), 'amy').close();
  const later = new DatabaseSync(file('later'));
  later.exec('PRAGMA user_version = 2; DROP TABLE owner');
  later.close();
  const before = readFileSync(file('later'));
  expect(() => openSqlite(file('later'), 'amy')).toThrow('later version');
  expect(readFileSync(file('later')).equals(before)).toBe(true);
});

test('C3 C6: a client in Node begins with what the one before it left in a file, and sends what that could not', () => {
  const server = new ScriptedServer();
  const open = () => sqliteStore({ file: file('clients'), server: 'https://chat.example', userId: 'amy' });
  const first = createClient(server.options({ store: open() }));
  void first.connect();
  server.login({ updates: [fromBob(1, { position: 1 })], position: 1 });
  server.clock.run(100);
  const { clientMessageId } = first.send({ to: 'bob', content: { text: 'an answer' } });
  // The program ends without a word.
  const second = createClient(server.options({ store: open() }));
  expect(second.conversation('bob').messages.map(({ content }) => content.text)).toEqual(['text 1', 'an answer']);
  void second.connect();
  server.login({ position: 1 });
  expect(server.got('login').at(-1)).toMatchObject({ position: 1, epoch: 'e1' });
  expect(server.got('chat').map((frame) => frame.clientMessageId)).toEqual([clientMessageId]);
});
