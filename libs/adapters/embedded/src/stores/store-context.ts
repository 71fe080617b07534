import { defined } from '@chasqui/domain';
import { forgetBirth } from '../damage/folder-record.ts';
import { SortedTables } from '../runs/sorted-tables.ts';
import type { Database } from '../sqlite/database.ts';
import { openDatabase } from '../sqlite/open-database.ts';
import { Conversations } from './conversations/conversations.ts';
import { Dedup, openDedupTable } from './conversations/dedup.ts';
import { openInboxTable } from './conversations/inbox-table.ts';
import { Logs } from './conversations/logs.ts';
import { Users } from './conversations/users.ts';
import { GroupJournal } from './groups/group-journal.ts';
import { Groups } from './groups/groups.ts';
import { renewMemberNames } from './groups/member-names.ts';
import { Members } from './groups/members.ts';
import { Tallies } from './groups/tallies.ts';
import { MessageTable } from './messages/message-table.ts';
import { Names } from './moving/names.ts';
import { renewNameWords } from './people/profile-operations.ts';
import { STORE_SCHEMA, STORE_STEPS, STORE_VERSION } from './schema.ts';
import { Journal } from './write-ahead-journal.ts';

/** The start data of the store worker. */
export interface StoreData {
  path: string;
  dedupWindowMs: number;
  /** The epoch of the inboxes in a new file, or in one whose positions cannot be trusted. */
  epoch: string;
  /**
   * Whether the inboxes get a new epoch although they have one: `always`, or `ifRecorded`, when a record of the folder
   * was kept for this file (and is lost). A file without an epoch, such as a backup, gets one in any case. Default
   * `never`.
   */
  renew?: 'never' | 'ifRecorded' | 'always';
  /** The amount that triggers a flush into the tables: characters of the journal, and messages. */
  flushAt: { journalCharacters: number; messages: number };
}

/** The parts of the store worker. All state in memory is derived from the file: `reload` derives it again. */
export interface StoreContext {
  db: Database;
  users: Users;
  conversations: Conversations;
  logs: Logs;
  dedup: Dedup;
  groups: Groups;
  members: Members;
  tallies: Tallies;
  /** The journal's part of groups. */
  groupJournal: GroupJournal;
  journal: Journal;
  messages: MessageTable;
  tables: SortedTables;
  /** For moves. */
  names: Names;
  epoch: string;
  reload(): void;
}

/** `told`: called with the progress of an older file's upgrade. */
export function createStoreContext(data: StoreData, told?: (done: string) => void): StoreContext {
  const { path, dedupWindowMs, epoch, flushAt, renew = 'never' } = data;
  const db = openDatabase({
    path,
    version: STORE_VERSION,
    schema: STORE_SCHEMA,
    steps: STORE_STEPS,
    beforeSwap: () => forgetBirth(path),
    cacheKiB: 16 * 1024,
    ...defined({ told }),
  });
  const isRecorded = db.run("INSERT OR IGNORE INTO meta VALUES ('recorded', 1)") === 0;
  const isRenewed = renew === 'always' || (renew === 'ifRecorded' && isRecorded);
  db.run(`INSERT OR ${isRenewed ? 'REPLACE' : 'IGNORE'} INTO meta VALUES ('epoch', ?)`, epoch);
  renewNameWords(db);
  renewMemberNames(db);
  const tables = new SortedTables(db);
  const inbox = openInboxTable(db, tables);
  const users = new Users(db, inbox);
  const conversations = new Conversations(db, tables);
  const logs = new Logs(db, users, inbox);
  const dedup = new Dedup(openDedupTable(tables, dedupWindowMs), dedupWindowMs);
  const groups = new Groups(db, conversations);
  const members = new Members(db);
  const tallies = new Tallies(db);
  const groupJournal = new GroupJournal({ groups, tallies, dedup });
  const parts = { users, conversations, logs, dedup, groups: groupJournal };
  const journal = new Journal(db, tables, parts, flushAt.journalCharacters);
  const messages = new MessageTable(db, tables, flushAt.messages);
  const names = new Names(db, conversations);
  const context: StoreContext = {
    db,
    users,
    conversations,
    logs,
    dedup,
    groups,
    members,
    tallies,
    groupJournal,
    journal,
    messages,
    tables,
    names,
    epoch: String(db.get("SELECT value FROM meta WHERE key = 'epoch'")?.[0]),
    reload() {
      tables.reload();
      for (const part of [users, logs, dedup, groups, tallies, names]) part.clear();
      conversations.reload();
      journal.replay();
      messages.reload();
    },
  };
  context.reload();
  return context;
}
