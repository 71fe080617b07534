import { decodePlaces, POST_REFUSALS, type PostRefusal } from '@chasqui/domain';
import type { Row } from '../../runs/chunk.ts';
import { keyOf, keyOfText } from '../../runs/keys.ts';
import { type SortedTable, tierOf } from '../../runs/sorted-table.ts';
import { RUNS_SCHEMA, SortedTables } from '../../runs/sorted-tables.ts';
import type { Database, Told, Row as Values } from '../../sqlite/database.ts';
import type { UpgradeWork } from '../../sqlite/upgrade-work.ts';
import { CONVERSATION_NAMES } from '../conversation-tables.ts';
import { nameRow } from '../conversations/conversation-names.ts';
import { encodeFirst } from '../conversations/dedup.ts';
import { ENTRY_WIDTH, encodeEntry } from '../conversations/entry.ts';
import { listedKey } from '../conversations/entry-table.ts';
import { type EntryType, encodeLogRow } from '../conversations/log-row.ts';
import { FAMILY } from '../families.ts';
import { historyRow } from '../messages/history-table.ts';

const INBOX = `SELECT user, position, at, type, conversation, ref, body, previous, sender
  FROM inbox WHERE user > ? AND user <= ? ORDER BY user, position`;
const DEDUP = `SELECT sender, client_id, message_id, digest, conversation, places, at
  FROM dedup WHERE sender > ? AND sender <= ? ORDER BY sender, client_id`;
const HISTORY = `SELECT conversation, id, seq FROM history WHERE conversation > ? AND conversation <= ?
  ORDER BY conversation, id`;
const ENTRY_COLUMNS = `last_id, last_from, preview, updated_at, sent, unread, read_id, read_at, read_node, incoming,
  trimmed, touched_at`;
const ENTRIES = `SELECT user, conversation, ${ENTRY_COLUMNS} FROM entries
  WHERE user > ? AND user <= ? ORDER BY user, conversation`;
const LISTED = `SELECT user, touched_at, conversation FROM entries
  WHERE user > ? AND user <= ? AND touched_at > 0 ORDER BY user, touched_at DESC, conversation`;
const TOUCHED = 'SELECT touched_at FROM entries WHERE conversation = ? AND user = ?';

const NAMES = 'SELECT id, name FROM conversations WHERE id > ? AND id <= ?';
const NAMES_PER_RUN = 160_000;

const DROP = `
DROP TABLE inbox; DROP TABLE dedup; DROP TABLE history; DROP TABLE entries;
ALTER TABLE conversations RENAME TO former_conversations;
${CONVERSATION_NAMES}
INSERT INTO conversations SELECT id, name FROM former_conversations ORDER BY id;
DROP TABLE former_conversations;
`;

/** Upgrades to version 19: what is looked up by user or conversation becomes sorted tables. */
export function intoRuns(db: Database, _told: Told, work: UpgradeWork): void {
  work.once('tables of runs', () => {
    widenJournal(db);
    db.exec(RUNS_SCHEMA);
  });
  const tables = new SortedTables(db);
  const sources: Source[] = [
    { what: 'inboxes', family: FAMILY.inbox, from: 'inbox', key: 'user', sql: INBOX, rowOf: inboxRow },
    { what: 'senders of messages', family: FAMILY.dedup, from: 'dedup', key: 'sender', sql: DEDUP, rowOf: dedupRow },
    {
      what: 'conversations with messages',
      family: FAMILY.history,
      from: 'history',
      key: 'conversation',
      sql: HISTORY,
      rowOf: indexRow,
    },
    {
      what: 'users with conversations',
      family: FAMILY.entries,
      from: 'entries',
      key: 'user',
      sql: ENTRIES,
      rowOf: entryRow,
    },
    {
      what: 'users with lists of conversations',
      family: FAMILY.listed,
      from: 'entries',
      key: 'user',
      sql: LISTED,
      rowOf: listedRow,
    },
  ];
  const opened = sources.map((source) => ({ source, table: tables.open({ family: source.family }) }));
  const names = tables.open({ family: FAMILY.names });
  tables.reload();
  for (const { source, table } of opened) convert(db, work, table, source);
  convertNames(db, work, names);
  db.exec(DROP);
}

/** Entries in the journal did not have the time that the table had. */
function widenJournal(db: Database): void {
  for (const [id, body] of db.all('SELECT id, body FROM journal')) {
    const transaction = JSON.parse(body as string) as { entries: (string | number)[] };
    const entries: (string | number)[] = [];
    for (let at = 0; at < transaction.entries.length; at += ENTRY_WIDTH + 1) {
      const values = transaction.entries.slice(at, at + ENTRY_WIDTH + 1);
      entries.push(...values, db.number(TOUCHED, ...values.slice(0, 2)));
    }
    db.run('UPDATE journal SET body = ? WHERE id = ?', JSON.stringify({ ...transaction, entries }), id as number);
  }
}

interface Source {
  what: string;
  family: number;
  /** The table that has the rows. */
  from: string;
  /** The first column of their order: a number, whose rows are converted together. */
  key: string;
  /** The rows above one key, up to another, in the order of the table of runs. */
  sql: string;
  rowOf(values: Values): Row;
}

/** Each slice is a run of its own, complete when it is noted: a kill costs one slice. */
function convert(db: Database, work: UpgradeWork, into: SortedTable, { what, from, key, sql, rowOf }: Source): void {
  const end = `SELECT max(${key}) FROM (SELECT ${key} FROM ${from} WHERE ${key} > ? ORDER BY ${key} LIMIT ?)`;
  const all = db.number(`SELECT max(${key}) FROM ${from}`);
  for (let above = work.from(what) ?? 0; ; ) {
    const last = db.get(end, above, work.rows)?.[0] as number | null;
    if (last === null) return;
    const rows = db.number(`SELECT count(*) FROM ${from} WHERE ${key} > ? AND ${key} <= ?`, above, last);
    const writer = into.begin(tierOf(rows));
    for (const values of db.iterate(sql, above, last)) writer.add(rowOf(values));
    into.add(writer);
    work.reached(what, last, `${last} of ${all}`);
    above = last;
  }
}

/** Names are ordered by hashes, which SQLite does not know: each run has those of some conversations. */
function convertNames(db: Database, work: UpgradeWork, names: SortedTable): void {
  const what = 'names of conversations';
  const last = db.number('SELECT max(id) FROM conversations');
  const size = Math.min(NAMES_PER_RUN, work.rows);
  for (let from = work.from(what) ?? 0; from < last; from += size) {
    const rows = db.all(NAMES, from, from + size).map(([id, name]) => nameRow(name as string, id as number));
    const writer = names.begin(tierOf(rows.length));
    for (const row of rows.sort(([a], [b]) => (a < b ? -1 : 1))) writer.add(row);
    names.add(writer);
    work.reached(what, from + size, `${Math.min(last, from + size)} of ${last}`);
  }
  db.run("INSERT OR REPLACE INTO meta VALUES ('named_to', ?)", last);
}

function inboxRow(values: Values): Row {
  const [user, position, at, type, conversation, ref, body, previous, sender] = values as [
    ...[number, number, number, EntryType, number | null, string | null, string, number, number | null],
  ];
  return [keyOf(user, position), encodeLogRow({ at, type, conversation, ref, body, previous, sender })];
}

function dedupRow(values: Values): Row {
  const [sender, clientId, messageId, digest, conversation, places, at] = values as [
    ...[number, string, string, string, number, string, number],
  ];
  const first = { sender, clientId, messageId, digest, conversation, at };
  const value = Object.hasOwn(POST_REFUSALS, places)
    ? encodeFirst({ ...first, places: [], refusal: places as PostRefusal })
    : encodeFirst({
        ...first,
        places: decodePlaces(places).flatMap(({ log, position }) => [Number(log), position, 0]),
      });
  return [keyOfText(sender, clientId), value];
}

function indexRow([conversation, id, seq]: Values): Row {
  return historyRow(conversation as number, id as string, seq as number);
}

function entryRow([user, conversation, ...values]: Values): Row {
  return [keyOf(user as number, conversation as number), encodeEntry(values as (string | number)[])];
}

function listedRow([user, touchedAt, conversation]: Values): Row {
  return [listedKey(user as number, touchedAt as number, conversation as number), Buffer.alloc(0)];
}
