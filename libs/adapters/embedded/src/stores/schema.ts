import { MOMENTS_SCHEMA } from './moments/moments-schema.ts';
import { ACCESS_SCHEMA } from './people/access-schema.ts';
import { CONFIRMED_SCHEMA, PEOPLE_SCHEMA } from './people/people-schema.ts';

/** Of store.db. Raise it with every change of `STORE_SCHEMA`, and give older files their step. */
export const STORE_VERSION = 9;

const SILENCED_SCHEMA = `
-- The last message of a side that the other side has not got, as the other silently blocks it.
CREATE TABLE silenced (
  conversation INTEGER, side INTEGER, last_id TEXT NOT NULL, preview TEXT NOT NULL, updated_at INTEGER NOT NULL,
  PRIMARY KEY (conversation, side)
) WITHOUT ROWID;
`;

const GENERATIONS_SCHEMA = `
-- Revocations of a user are counted, in the row whose device is empty; tokens carry the number, and those of an earlier one are void.
ALTER TABLE revocations ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE revocations ADD COLUMN counter INTEGER NOT NULL DEFAULT 0;
`;

export const LIVES_SCHEMA = `
-- How often a user's inbox was given another epoch than the store's; absent: never.
CREATE TABLE lives (user INTEGER PRIMARY KEY, life INTEGER NOT NULL);
`;

const CHECKSUMS_SCHEMA = `
-- See checksumOf; null: the message was stored before there were any.
ALTER TABLE messages ADD COLUMN checksum INTEGER;
`;

/** What brings a file of each version to the next one: the first is for files of version 1. */
export const STORE_STEPS = [
  PEOPLE_SCHEMA,
  ACCESS_SCHEMA,
  SILENCED_SCHEMA,
  MOMENTS_SCHEMA,
  GENERATIONS_SCHEMA,
  CONFIRMED_SCHEMA,
  LIVES_SCHEMA,
  CHECKSUMS_SCHEMA,
];

/**
 * Users and conversations are numbered, so that the many rows that name them are short. `inbox`, `dedup`, `conversations`
 * and `history` are written in bulk (see `Journal` and `MessageTable`): a page of a table that is ordered by user costs as
 * much to write for one row as for fifty.
 */
export const STORE_SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) WITHOUT ROWID;

CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  floor INTEGER NOT NULL DEFAULT 0  -- inbox positions up to here are trimmed
);

-- Side 0 is the user whose id comes first in the conversation's id (a), side 1 the other (b).
CREATE TABLE conversations (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  a INTEGER NOT NULL, b INTEGER NOT NULL,
  last_id TEXT NOT NULL DEFAULT '', last_side INTEGER NOT NULL DEFAULT 0,
  preview TEXT NOT NULL DEFAULT '', updated_at INTEGER NOT NULL DEFAULT 0,
  touched_at INTEGER NOT NULL DEFAULT 0,                                  -- see members
  sent_a TEXT NOT NULL DEFAULT '', sent_b TEXT NOT NULL DEFAULT '',       -- what the side sent: see SentOrder
  unread_a INTEGER NOT NULL DEFAULT 0, unread_b INTEGER NOT NULL DEFAULT 0,
  read_a TEXT NOT NULL DEFAULT '', read_b TEXT NOT NULL DEFAULT '',       -- the side has read up to here
  incoming_a INTEGER NOT NULL DEFAULT 0, incoming_b INTEGER NOT NULL DEFAULT 0, -- inbox place of its last incoming message
  trimmed_a INTEGER NOT NULL DEFAULT 0, trimmed_b INTEGER NOT NULL DEFAULT 0    -- unread ones whose inbox entries are gone
);

-- A user's conversations; touched_at lags behind conversations.updated_at by less than TOUCH_MS.
CREATE TABLE members (user INTEGER, conversation INTEGER, touched_at INTEGER NOT NULL, PRIMARY KEY (user, conversation)) WITHOUT ROWID;
CREATE INDEX members_touched ON members (user, touched_at);

CREATE TABLE inbox (
  user INTEGER, position INTEGER,
  at INTEGER NOT NULL,
  type INTEGER NOT NULL,      -- see EntryType
  conversation INTEGER,       -- of messages
  ref TEXT,                   -- of messages: the message id
  body TEXT NOT NULL,         -- of messages: the clientMessageId; else the update as JSON
  previous INTEGER NOT NULL,  -- of incoming messages: the place of the conversation's incoming one before, negative if it sorts before an earlier one
  PRIMARY KEY (user, position)
) WITHOUT ROWID;

CREATE TABLE dedup (
  sender INTEGER, client_id TEXT,
  message_id TEXT NOT NULL, digest TEXT NOT NULL, conversation INTEGER NOT NULL,
  sender_position INTEGER NOT NULL, receiver_position INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (sender, client_id)
) WITHOUT ROWID;

CREATE TABLE recalls (conversation INTEGER, message_id TEXT, PRIMARY KEY (conversation, message_id)) WITHOUT ROWID;
CREATE TABLE devices (user INTEGER, device TEXT, position INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (user, device)) WITHOUT ROWID;

-- What is committed but not yet in the tables above.
CREATE TABLE journal (id INTEGER PRIMARY KEY, body TEXT NOT NULL);

-- Written once. seq is twice the number of arrival, plus the sender's side.
CREATE TABLE messages (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL, conversation INTEGER NOT NULL,
  steps TEXT NOT NULL, body TEXT NOT NULL, recalled_at INTEGER
);
-- How far a message has come beyond stored: small rows, as they change where bodies do not.
CREATE TABLE progress (seq INTEGER PRIMARY KEY, status INTEGER NOT NULL, steps TEXT NOT NULL);
-- Message ids by conversation, for messages up to meta.indexed_seq (and some beyond).
CREATE TABLE history (conversation INTEGER, id TEXT, seq INTEGER NOT NULL, PRIMARY KEY (conversation, id)) WITHOUT ROWID;
-- The least and the greatest id of each ZONE_SIZE messages in a row, to find one by its id alone.
CREATE TABLE zones (zone INTEGER PRIMARY KEY, min_id TEXT NOT NULL, max_id TEXT NOT NULL);
CREATE INDEX zones_max ON zones (max_id);

CREATE TABLE accounts (
  user_id TEXT PRIMARY KEY, password_hash TEXT NOT NULL, display_name TEXT NOT NULL, created_at INTEGER NOT NULL
) WITHOUT ROWID;
${PEOPLE_SCHEMA}${ACCESS_SCHEMA}${SILENCED_SCHEMA}${MOMENTS_SCHEMA}${GENERATIONS_SCHEMA}${CONFIRMED_SCHEMA}${LIVES_SCHEMA}${CHECKSUMS_SCHEMA}`;
