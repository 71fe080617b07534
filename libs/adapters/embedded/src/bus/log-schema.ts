/** The version of bus.db. Increase it with every change of `LOG_SCHEMA`, and add a step for older files. */
export const LOG_VERSION = 2;

/** Offsets of one stream; an entry's number is `stream * OFFSETS + offset`, below 2^53 for 128 topics of 1024 shards. */
export const OFFSETS = 2 ** 36;

/** The entries that transactions appended: see log-batch.ts. In the order of commits, and not by stream: each commit then writes to one place. */
export const BATCHES_TABLE = 'CREATE TABLE batches (id INTEGER PRIMARY KEY, header BLOB NOT NULL, body BLOB NOT NULL);';

export const LOG_SCHEMA = `
CREATE TABLE topics (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, shards INTEGER NOT NULL);
CREATE TABLE groups (id INTEGER PRIMARY KEY, topic INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (topic, name));
-- The next offset that a group has to do; absent: it starts at the oldest kept.
CREATE TABLE positions (group_id INTEGER, stream INTEGER, next INTEGER NOT NULL, PRIMARY KEY (group_id, stream)) WITHOUT ROWID;
-- A lower bound of the next offset, so that offsets never come back when all entries are trimmed.
CREATE TABLE streams (id INTEGER PRIMARY KEY, next INTEGER NOT NULL);
${BATCHES_TABLE}
CREATE TABLE delayed (id INTEGER PRIMARY KEY, due INTEGER NOT NULL, stream INTEGER NOT NULL, published_at INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX delayed_due ON delayed (due);
CREATE TABLE dead (
  id INTEGER PRIMARY KEY, group_id INTEGER NOT NULL, entry INTEGER NOT NULL,
  published_at INTEGER NOT NULL, body TEXT NOT NULL, error TEXT NOT NULL, at INTEGER NOT NULL,
  UNIQUE (group_id, entry)
);
CREATE INDEX dead_at ON dead (at);
`;
