import { Database } from '../sqlite/database.ts';
import { Conversations } from './conversations.ts';
import { Dedup } from './dedup.ts';
import { Inboxes } from './inboxes.ts';
import { Journal } from './journal.ts';
import { MessageTable } from './message-table.ts';
import { STORE_SCHEMA, STORE_STEPS, STORE_VERSION } from './schema.ts';
import { Users } from './users.ts';

/** What the store worker is started with. */
export interface StoreData {
  path: string;
  dedupWindowMs: number;
  /** Names the inboxes of a new file. */
  epoch: string;
  /** How much waits to be folded into the tables: characters of the journal, and messages. */
  foldAt: { journalCharacters: number; messages: number };
}

/** The parts of the store worker. Everything in memory follows from the file: `reload` makes it anew. */
export interface StoreContext {
  db: Database;
  users: Users;
  conversations: Conversations;
  inboxes: Inboxes;
  dedup: Dedup;
  journal: Journal;
  messages: MessageTable;
  epoch: string;
  reload(): void;
}

export function createStoreContext({ path, dedupWindowMs, epoch, foldAt }: StoreData): StoreContext {
  const db = new Database({
    path,
    version: STORE_VERSION,
    schema: STORE_SCHEMA,
    steps: STORE_STEPS,
    cacheKiB: 16 * 1024,
  });
  db.run("INSERT OR IGNORE INTO meta VALUES ('epoch', ?)", epoch);
  const users = new Users(db);
  const conversations = new Conversations(db, users);
  const inboxes = new Inboxes(db, users);
  const dedup = new Dedup(db, dedupWindowMs);
  const journal = new Journal(db, { users, conversations, inboxes, dedup }, foldAt.journalCharacters);
  const messages = new MessageTable(db, foldAt.messages);
  const context: StoreContext = {
    ...{ db, users, conversations, inboxes, dedup, journal, messages },
    epoch: String(db.get("SELECT value FROM meta WHERE key = 'epoch'")?.[0]),
    reload() {
      for (const part of [users, conversations, dedup]) part.clear();
      journal.replay();
      messages.reload();
    },
  };
  context.reload();
  return context;
}
