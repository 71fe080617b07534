// Tables that later versions added, shared by new files and upgraded ones.

/** Found by name through a sorted table: see ConversationNames. */
export const CONVERSATION_NAMES = 'CREATE TABLE conversations (id INTEGER PRIMARY KEY, name TEXT NOT NULL);';

/** Of versions 10 to 18. */
export const FORMER_CONVERSATION_TABLES = `
CREATE TABLE conversations (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

-- One user's view of one conversation.
CREATE TABLE entries (
  conversation INTEGER, user INTEGER,
  touched_at INTEGER NOT NULL,                  -- behind updated_at by less than TOUCH_MS; 0: not listed
  last_id TEXT NOT NULL DEFAULT '',             -- the highest id in the user's inbox; empty: none has come to it
  last_from INTEGER NOT NULL,
  preview TEXT NOT NULL DEFAULT '', updated_at INTEGER NOT NULL DEFAULT 0,
  sent TEXT NOT NULL DEFAULT '',                -- what the user sent: see SentOrder
  unread INTEGER NOT NULL DEFAULT 0,
  read_id TEXT NOT NULL DEFAULT '', read_at INTEGER NOT NULL DEFAULT 0, read_node TEXT NOT NULL DEFAULT '', -- see ReadMark
  incoming INTEGER NOT NULL DEFAULT 0,          -- the inbox place of the last incoming message
  trimmed INTEGER NOT NULL DEFAULT 0,           -- unread ones whose inbox rows are gone
  PRIMARY KEY (conversation, user)
) WITHOUT ROWID;
CREATE INDEX entries_touched ON entries (user, touched_at);
`;

/** Of versions 10 to 18. */
export const FORMER_DEDUP_TABLE = `
CREATE TABLE dedup (
  sender INTEGER, client_id TEXT,
  message_id TEXT NOT NULL, digest TEXT NOT NULL, conversation INTEGER NOT NULL,
  places TEXT NOT NULL,                         -- see encodePlaces, users by their numbers; or why it was refused
  at INTEGER NOT NULL,
  PRIMARY KEY (sender, client_id)
) WITHOUT ROWID;
`;

export const PROGRESS_TABLE = `
-- How far a message has come for a member beyond stored: small rows, as they change where bodies do not.
CREATE TABLE progress (
  seq INTEGER, member INTEGER, status INTEGER NOT NULL, steps TEXT NOT NULL, PRIMARY KEY (seq, member)
) WITHOUT ROWID;
`;

export const ZONES_TABLE = `
-- The least and the greatest id of each so many row ids of messages (see IdZoneMap), to find one by its id alone.
CREATE TABLE zones (zone INTEGER PRIMARY KEY, min_id TEXT NOT NULL, max_id TEXT NOT NULL);
CREATE INDEX zones_max ON zones (max_id);
`;

export const ADDRESS_COLUMNS = `
-- Null in rows of before version 10: see former-messages.ts. audience: the numbers of users whose inboxes have it.
ALTER TABLE messages ADD COLUMN sender INTEGER;
ALTER TABLE messages ADD COLUMN audience TEXT;
ALTER TABLE messages ADD COLUMN revision INTEGER;
`;

export const HIDDEN_MESSAGES_TABLE = `
-- What users deleted for themselves.
CREATE TABLE hidden_messages (
  user INTEGER, conversation INTEGER, message_id TEXT, PRIMARY KEY (user, conversation, message_id)
) WITHOUT ROWID;
`;

export const CONVERSATION_STATES_TABLE = `
-- What users set in conversations, only where it differs from the default: see encodeState.
CREATE TABLE conversation_states (
  user INTEGER, conversation INTEGER, body TEXT NOT NULL, PRIMARY KEY (user, conversation)
) WITHOUT ROWID;
`;
