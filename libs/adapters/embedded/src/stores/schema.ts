import { RUNS_SCHEMA } from '../runs/sorted-tables.ts';
import type { Step } from '../sqlite/open-database.ts';
import { ATTACHMENTS_SCHEMA, MEDIA_SCHEMA, PICTURES_SCHEMA } from './attachments/attachment-schema.ts';
import {
  ADDRESS_COLUMNS,
  CONVERSATION_NAMES,
  CONVERSATION_STATES_TABLE,
  HIDDEN_MESSAGES_TABLE,
  PROGRESS_TABLE,
  ZONES_TABLE,
} from './conversation-tables.ts';
import { EDIT_MENTIONS_TABLE, GROUP_TABLES, MEMBER_NAMES_SCHEMA } from './groups/group-tables.ts';
import { MOMENTS_SCHEMA } from './moments/moments-schema.ts';
import {
  ACCESS_SCHEMA,
  API_KEYS_SCHEMA,
  CONFIRMED_SCHEMA,
  ERASURES_SCHEMA,
  HOLDS_SCHEMA,
  PEOPLE_SCHEMA,
  SWEEPS_SCHEMA,
} from './people/people-schema.ts';
import { REACTIONS_TABLE } from './reactions/reaction-schema.ts';
import { SERVER_EVENT_TABLES } from './server-events/server-event-tables.ts';
import { intoRuns } from './upgrade/into-runs.ts';
import { onePerUser } from './upgrade/one-per-user.ts';

/** The version of store.db. Increase it with every change of `STORE_SCHEMA`, and add a step for older files. */
export const STORE_VERSION = 26;

/** A table of versions 3 to 9. */
const FORMER_SILENCED_SCHEMA = `
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

/** Rows of the journal may be compressed: see packText. Version 26 reads those of before as they are. */
const PACKED_JOURNAL = '';

/** The steps from each version to the next one; the first is for files of version 1. */
export const STORE_STEPS: readonly Step[] = [
  PEOPLE_SCHEMA,
  ACCESS_SCHEMA,
  FORMER_SILENCED_SCHEMA,
  MOMENTS_SCHEMA,
  GENERATIONS_SCHEMA,
  CONFIRMED_SCHEMA,
  LIVES_SCHEMA,
  CHECKSUMS_SCHEMA,
  onePerUser,
  CONVERSATION_STATES_TABLE,
  GROUP_TABLES,
  SERVER_EVENT_TABLES,
  API_KEYS_SCHEMA,
  MEMBER_NAMES_SCHEMA,
  ERASURES_SCHEMA,
  HOLDS_SCHEMA,
  SWEEPS_SCHEMA,
  intoRuns,
  ATTACHMENTS_SCHEMA,
  HIDDEN_MESSAGES_TABLE,
  MEDIA_SCHEMA,
  REACTIONS_TABLE,
  PICTURES_SCHEMA,
  EDIT_MENTIONS_TABLE,
  PACKED_JOURNAL,
];

/**
 * Users and conversations are numbered, so that the many rows that name them are short. What is looked up by user or
 * conversation is in sorted tables (see families.ts): in one of SQLite's, each row would be a page to write.
 */
export const STORE_SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) WITHOUT ROWID;

CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  floor INTEGER NOT NULL DEFAULT 0  -- inbox positions up to here are trimmed
);

${CONVERSATION_NAMES}
${RUNS_SCHEMA}-- The last thing that was done to a message.
CREATE TABLE actions (
  conversation INTEGER, message_id TEXT, revision INTEGER NOT NULL, PRIMARY KEY (conversation, message_id)
) WITHOUT ROWID;
CREATE TABLE devices (user INTEGER, device TEXT, position INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (user, device)) WITHOUT ROWID;

-- What is committed but not yet in the tables above.
CREATE TABLE journal (id INTEGER PRIMARY KEY, body TEXT NOT NULL);

-- Written once, but for actions. seq: see Seq.
CREATE TABLE messages (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL, conversation INTEGER NOT NULL,
  steps TEXT NOT NULL, body TEXT NOT NULL, recalled_at INTEGER
);
${PROGRESS_TABLE}
${ZONES_TABLE}
CREATE TABLE accounts (
  user_id TEXT PRIMARY KEY, password_hash TEXT NOT NULL, display_name TEXT NOT NULL, created_at INTEGER NOT NULL
) WITHOUT ROWID;
${PEOPLE_SCHEMA}${ACCESS_SCHEMA}${MOMENTS_SCHEMA}${GENERATIONS_SCHEMA}${CONFIRMED_SCHEMA}${LIVES_SCHEMA}${CHECKSUMS_SCHEMA}${ADDRESS_COLUMNS}${CONVERSATION_STATES_TABLE}${GROUP_TABLES}${SERVER_EVENT_TABLES}${API_KEYS_SCHEMA}${MEMBER_NAMES_SCHEMA}${ERASURES_SCHEMA}${HOLDS_SCHEMA}${SWEEPS_SCHEMA}${ATTACHMENTS_SCHEMA}${HIDDEN_MESSAGES_TABLE}${MEDIA_SCHEMA}${REACTIONS_TABLE}${PICTURES_SCHEMA}${EDIT_MENTIONS_TABLE}`;
