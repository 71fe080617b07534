import type { Conversations } from './conversations/conversations.ts';
import { type Dedup, type FirstRecording, type NumberedPlaces, PLACE_WIDTH } from './conversations/dedup.ts';
import { ENTRY_WIDTH, type Entry, emptyEntry, entryValues, setEntry } from './conversations/entry.ts';
import { EntryType, type LogRow, updateRow } from './conversations/log-row.ts';
import type { Logs } from './conversations/logs.ts';
import type { Users } from './conversations/users.ts';
import type { GroupJournal, JournaledGroups } from './groups/group-journal.ts';

type Value = string | number;

/** The changes of one transaction, as absolute values in flat lists, written as one row of JSON. */
export interface JournaledTransaction {
  /** RECORDING_WIDTH values each, the last of them a message's `NumberedPlaces`. */
  recordings: (string | number | NumberedPlaces)[];
  /** UPDATE_WIDTH values each: user, position, time, and the update as JSON. */
  updates: (string | number)[];
  /** As `allEntryValues` gives them: conversation, user, and the values of the entry, ENTRY_WIDTH + 2. */
  entries: Value[];
  /** Absent where groups changed nothing. */
  groups?: JournaledGroups;
}

/** The parts whose state a journal restores. */
export interface JournalParts {
  users: Users;
  conversations: Conversations;
  logs: Logs;
  dedup: Dedup;
  groups: GroupJournal;
}

export const RECORDING_WIDTH = 7;
export const UPDATE_WIDTH = 4;

export function pushRecording(into: JournaledTransaction['recordings'], r: FirstRecording): void {
  into.push(r.conversation, r.sender, r.messageId, r.clientId, r.digest, r.at, r.places);
}

function recordingOf(values: readonly unknown[]): FirstRecording {
  const [conversation, sender, messageId, clientId, digest, at, places] = values as [
    ...[number, number, string, string, string, number, NumberedPlaces],
  ];
  return { conversation, sender, messageId, clientId, digest, at, places };
}

/** The row of a message in one of its logs. */
export function messageRow(recording: Omit<FirstRecording, 'places'>, previous: number): LogRow {
  const { at, conversation, messageId, clientId, sender } = recording;
  return { at, type: EntryType.message, conversation, ref: messageId, body: clientId, previous, sender };
}

/** Shorter texts are not worth leaving out. */
const LONG = 4;
const LARGE = 9_999;
/** Stands for a text, or a number, that equals the previous entry's; no real value is the same as this. */
const SAME_TEXT = 0;
const SAME_NUMBER = '';

/**
 * The values of entries in sequence. Values equal to the previous entry's are left out: after a new message the
 * participants' entries share its id, preview and times.
 */
export function allEntryValues(entries: Iterable<Entry>): Value[] {
  const all: Value[] = [];
  let before: Value[] = [];
  for (const entry of entries) {
    const values = entryValues(entry);
    all.push(entry.conversation.id, entry.user);
    for (let i = 0; i < ENTRY_WIDTH; i++) {
      const value = values[i] as Value;
      const isSame = value === before[i];
      if (typeof value === 'string') all.push(isSame && value.length > LONG ? SAME_TEXT : value);
      else all.push(isSame && value > LARGE ? SAME_NUMBER : value);
    }
    before = values;
  }
  return all;
}

function* groups<T>(values: readonly unknown[], width: number): Iterable<T> {
  for (let i = 0; i < values.length; i += width) yield values.slice(i, i + width) as T;
}

/**
 * Restores memory to its state after the transaction; rows already in the tables stay as they are. Errors:
 * `data_damaged` when a log would have a gap.
 */
export function replayTransaction(parts: JournalParts, transaction: JournaledTransaction): void {
  const { recordings, updates, entries } = transaction;
  const { users, logs, dedup, conversations } = parts;
  const rows: [user: number, position: number, row: LogRow][] = [];
  for (const values of groups<unknown[]>(recordings, RECORDING_WIDTH)) {
    const recording = recordingOf(values);
    for (const [log, position, previous] of groups<[number, number, number]>(recording.places, PLACE_WIDTH))
      rows.push([log, position, messageRow(recording, previous)]);
    dedup.add(recording);
  }
  for (const [user, position, at, body] of groups<[number, number, number, string]>(updates, UPDATE_WIDTH)) {
    rows.push([user, position, updateRow(body, at)]);
  }
  // Messages and other updates got interleaved positions, but were written kind by kind.
  rows.sort(([, a], [, b]) => a - b);
  for (const [user, position, row] of rows) logs.replay(users.byId(user), position, row);
  const empty = entryValues(emptyEntry({ id: 0, name: '', entries: [], isNew: true }, 0));
  let before: Value[] = [];
  for (const [conversation, user, ...values] of groups<[number, number, ...Value[]]>(entries, ENTRY_WIDTH + 2)) {
    before = values.map((value, i) => {
      const isText = typeof empty[i] === 'string';
      return value === (isText ? SAME_TEXT : SAME_NUMBER) ? (before[i] as Value) : value;
    });
    const entry = conversations.obtainEntry(conversations.byId(conversation), users.byId(user), 0);
    setEntry(entry, before);
    conversations.changed(entry);
  }
  if (transaction.groups !== undefined) parts.groups.replay(transaction.groups);
}
