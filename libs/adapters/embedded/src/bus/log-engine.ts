import type { Told } from '../sqlite/database.ts';
import type { SnapshotOperations } from '../sqlite/file-snapshot.ts';
import type { Handlers } from '../worker-link/caller.ts';
import type { WorkerEngine } from '../worker-link/engine-worker.ts';
import { type LogData, LogFile } from './log-file.ts';
import type { DeadEntry, LogEntry, LogOperations } from './log-operations.ts';
import { OFFSETS } from './log-schema.ts';
import { trimLog } from './trim-log.ts';

/** Measured at 1,500 messages a second: each commit costs 0.4 ms of CPU here and a round of promises in the apps. */
const PACE_MS = 10;

/** Batches unpacked by one read, each in some 0.1 ms: nothing else runs meanwhile. */
const READ_BATCHES = 64;

const ADVANCE = 'INSERT OR REPLACE INTO positions VALUES (?, ?, ?)';
const DUE = 'SELECT id, stream, published_at, body FROM delayed WHERE due <= ? ORDER BY due, id LIMIT ?';
const BURY = 'INSERT OR IGNORE INTO dead (group_id, entry, published_at, body, error, at) VALUES (?, ?, ?, ?, ?, ?)';
const DEAD = 'SELECT entry, published_at, body, error, at FROM dead WHERE group_id = ? ORDER BY id DESC LIMIT ?';

function read({ batches }: LogFile, stream: number, from: number, limit: number, maxCharacters: number): LogEntry[] {
  const entries: LogEntry[] = [];
  let characters = 0;
  for (const entry of batches.from(stream, from, READ_BATCHES)) {
    characters += entry.body.length;
    if (entries.length > 0 && characters > maxCharacters) break;
    entries.push(entry);
    if (entries.length === limit) break;
  }
  return entries;
}

function bury({ db, batches }: LogFile, [group, stream, offset, error]: Burial, now: number): null {
  const [entry] = batches.from(stream, offset);
  if (entry?.offset === offset)
    db.run(BURY, group, stream * OFFSETS + offset, entry.publishedAt, entry.body, error, now);
  db.run(ADVANCE, group, stream, offset + 1);
  return null;
}

type Burial = Parameters<LogOperations['bury']>[0];

function release(log: LogFile, now: number, limit: number) {
  const due = log.db.all(DUE, now, limit) as unknown as [number, number, number, string][];
  const moved = due.map(([id, stream, publishedAt, body]) => {
    log.db.run('DELETE FROM delayed WHERE id = ?', id);
    return { stream, offset: log.append(stream, publishedAt, body), body, publishedAt };
  });
  return { moved, nextDue: log.nextDue() };
}

function deadLetters({ db }: LogFile, group: number, limit: number): DeadEntry[] {
  return db.all(DEAD, group, limit).map((row) => {
    const [entry, publishedAt, body, error, at] = row as [number, number, string, string, number];
    return { stream: Math.floor(entry / OFFSETS), offset: entry % OFFSETS, publishedAt, body, error, at };
  });
}

/**
 * The durable log behind the bus: it appends, reads and persists positions. `EmbeddedBus` decides who gets which
 * message.
 */
export function openLogEngine(data: LogData, told?: Told): WorkerEngine {
  const log = new LogFile(data, told);
  const { db } = log;
  const handlers: Handlers<Omit<LogOperations, keyof SnapshotOperations>> = {
    ping: () => null,
    append([stream, body], now) {
      log.admit(body.length);
      return log.append(stream, now, body);
    },
    delay([stream, body, due, at]) {
      log.admit(body.length);
      db.run('INSERT INTO delayed (due, stream, published_at, body) VALUES (?, ?, ?, ?)', due, stream, at, body);
      return null;
    },
    release: ({ limit, now }) => release(log, now, limit),
    read: ([stream, from, limit, maxCharacters]) => read(log, stream, from, limit, maxCharacters),
    join([topic, name]) {
      db.run('INSERT OR IGNORE INTO groups (topic, name) VALUES (?, ?)', topic, name);
      return db.number('SELECT id FROM groups WHERE topic = ? AND name = ?', topic, name);
    },
    advance(positions) {
      for (let i = 0; i < positions.length; i += 3) db.run(ADVANCE, ...positions.slice(i, i + 3));
      return null;
    },
    bury: (burial, now) => bury(log, burial, now),
    deadLetters: ([group, limit]) => deadLetters(log, group, limit),
    publishedAt([stream, offset]) {
      const [entry] = log.batches.from(stream, offset);
      return entry?.publishedAt ?? null;
    },
    trim: ({ retentionMs, limit }, now) => trimLog(log, retentionMs, limit, now),
  };
  return {
    db,
    state: log.state(),
    paceMs: PACE_MS,
    handlers,
    beforeCommit: () => log.batches.write(),
    afterRollback: () => log.forget(),
  };
}
