import { DatabaseSync } from 'node:sqlite';
import type { ChatMessage } from '../conversations/chat-message.ts';
import { changedMessage } from './changed-message.ts';
import type { DatabaseChanges, DatabaseEngine } from './engine.ts';
import { RECENT_CONVERSATIONS, RECENT_MESSAGES } from './recent-messages.ts';

const VERSION = 1;
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS texts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS owner (name TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS messages (
    conversation TEXT, id TEXT, message TEXT NOT NULL, PRIMARY KEY (conversation, id)
  ) WITHOUT ROWID;
  PRAGMA user_version = ${VERSION};`;

const TRIM = `DELETE FROM messages WHERE conversation = ?1
  AND id <= (SELECT id FROM messages WHERE conversation = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`;
const PAGE = 'SELECT message FROM messages WHERE conversation = ? AND id < ? ORDER BY id DESC LIMIT ?';
/** Each conversation by one step in the index, whatever the number of messages. */
const LAST = `WITH RECURSIVE each(name) AS (
    SELECT min(conversation) FROM messages
    UNION ALL SELECT (SELECT min(conversation) FROM messages WHERE conversation > name) FROM each WHERE name IS NOT NULL
  )
  SELECT name FROM each WHERE name IS NOT NULL
  ORDER BY (SELECT max(id) FROM messages WHERE conversation = name) DESC`;
/** Sorts after every id. */
const END = '~';

/** Deletes the data of another owner first. */
export function openSqlite(file: string, owner: string): DatabaseEngine {
  const database = new DatabaseSync(file);
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > VERSION) {
    database.close();
    throw new Error(`${file} was written by a later version of @chasqui/client`);
  }
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;');
  if (version < VERSION) database.exec(SCHEMA);
  const run = (sql: string) => database.prepare(sql);
  const getText = run('SELECT value FROM texts WHERE key = ?');
  const putText = run('INSERT OR REPLACE INTO texts VALUES (?, ?)');
  const removeText = run('DELETE FROM texts WHERE key = ?');
  const getMessage = run('SELECT message FROM messages WHERE conversation = ? AND id = ?');
  const putMessage = run('INSERT OR REPLACE INTO messages VALUES (?, ?, ?)');
  const removeMessage = run('DELETE FROM messages WHERE conversation = ? AND id = ?');
  const forget = run('DELETE FROM messages WHERE conversation = ?');
  const [trim, page] = [run(TRIM), run(PAGE)];

  function inTransaction(action: () => void): void {
    database.exec('BEGIN IMMEDIATE');
    try {
      action();
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }

  function clear(): undefined {
    inTransaction(() => database.exec('DELETE FROM texts; DELETE FROM messages'));
    // What was deleted is not left in the log either.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  function takeFor(owner: string): void {
    const before = run('SELECT name FROM owner').get()?.name;
    if (before === owner) return;
    if (before !== undefined) clear();
    inTransaction(() => {
      database.exec('DELETE FROM owner');
      run('INSERT INTO owner VALUES (?)').run(owner);
    });
  }

  function apply({ forgotten, messages, changes, trimmed, texts }: DatabaseChanges): void {
    for (const conversation of forgotten) forget.run(conversation);
    for (const { conversation, message } of messages) {
      putMessage.run(conversation, message.messageId, JSON.stringify(message));
    }
    for (const { conversation, messageId, change } of changes) {
      const row = getMessage.get(conversation, messageId);
      if (change === null) removeMessage.run(conversation, messageId);
      else if (row !== undefined) {
        putMessage.run(conversation, messageId, JSON.stringify(changedMessage(parsed(row), change)));
      }
    }
    for (const [conversation, newest] of trimmed) trim.run(conversation, newest);
    for (const [key, value] of texts) value === null ? removeText.run(key) : putText.run(key, value);
  }

  function newest(conversation: string, limit: number, before: string = END): ChatMessage[] {
    return page.all(conversation, before, limit).map(parsed).reverse();
  }

  takeFor(owner);
  return {
    get: (key) => (getText.get(key)?.value as string | undefined) ?? null,
    keys: () =>
      run('SELECT key FROM texts')
        .all()
        .map(({ key }) => key as string),
    write(changes) {
      inTransaction(() => apply(changes));
      return undefined;
    },
    recent: () =>
      run(LAST)
        .all()
        .flatMap(({ name }, i) => {
          const conversation = name as string;
          const messages = newest(conversation, i < RECENT_CONVERSATIONS ? RECENT_MESSAGES : 1);
          return messages.map((message) => ({ conversation, message }));
        }),
    page: async (conversation, limit, before) => newest(conversation, limit, before),
    clear,
    close: () => database.close(),
  };
}

function parsed({ message }: Record<string, unknown>): ChatMessage {
  return JSON.parse(message as string);
}
