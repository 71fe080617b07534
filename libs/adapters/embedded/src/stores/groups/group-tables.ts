/** Tables of groups, since version 12. */
export const GROUP_TABLES = `
CREATE TABLE groups (
  conversation INTEGER PRIMARY KEY,
  body TEXT NOT NULL,                           -- the group as JSON, without the columns below; written by changes
  dissolved_at INTEGER NOT NULL,
  -- Written in bulk (see GroupJournal), as they change with every message.
  last_id TEXT NOT NULL, last_from TEXT NOT NULL, preview TEXT NOT NULL, updated_at INTEGER NOT NULL
);

-- Users who are or were in a group, with their read marks. Sending writes none of them.
CREATE TABLE members (
  conversation INTEGER, name TEXT, user INTEGER NOT NULL,
  role INTEGER NOT NULL,                        -- its place in ROLES
  left_at INTEGER NOT NULL,                     -- 0: is a member
  since_id TEXT NOT NULL,                       -- the group's last message before the last stay
  body TEXT NOT NULL,                           -- the member as JSON, without what other columns have
  read_id TEXT NOT NULL, read_at INTEGER NOT NULL, read_node TEXT NOT NULL,
  read_others INTEGER NOT NULL,                 -- messages of others up to the mark, and mentions of the member: see tallies
  read_mentions INTEGER NOT NULL,
  PRIMARY KEY (conversation, name)
) WITHOUT ROWID;
CREATE INDEX members_name ON members (name, left_at);
CREATE INDEX members_role ON members (conversation, role, name) WHERE left_at = 0;
CREATE INDEX members_read ON members (conversation, read_id) WHERE left_at = 0;

-- Running totals of a group's messages, a row for each message and what it counts for (see Who), so that counts up to
-- any message are one look-up. Written in bulk.
CREATE TABLE tallies (
  conversation INTEGER, who INTEGER, id TEXT, total INTEGER NOT NULL, PRIMARY KEY (conversation, who, id)
) WITHOUT ROWID;

CREATE TABLE group_links (
  id TEXT PRIMARY KEY, conversation TEXT NOT NULL,
  created_by TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, uses_left INTEGER
) WITHOUT ROWID;
CREATE INDEX group_links_conversation ON group_links (conversation);
CREATE TABLE group_requests (conversation TEXT, name TEXT, at INTEGER NOT NULL, PRIMARY KEY (conversation, name)) WITHOUT ROWID;
CREATE INDEX group_requests_at ON group_requests (conversation, at, name);

-- How changes ended, so that a repeat has the same outcome.
CREATE TABLE group_changes (
  conversation TEXT, asker TEXT, change_id TEXT,
  digest TEXT NOT NULL, outcome TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (conversation, asker, change_id)
) WITHOUT ROWID;
CREATE INDEX group_changes_at ON group_changes (at);
`;

/** The names of members, since version 15. */
export const MEMBER_NAMES_SCHEMA = `
ALTER TABLE members ADD COLUMN display_name TEXT NOT NULL DEFAULT '';   -- of the profile; of former members: the last one known
ALTER TABLE members ADD COLUMN display_order TEXT NOT NULL DEFAULT '';  -- see memberOrder
CREATE INDEX members_order ON members (conversation, role, display_order, name) WHERE left_at = 0;
-- Of current members: see memberWords.
CREATE TABLE member_words (conversation INTEGER, word TEXT, name TEXT, PRIMARY KEY (conversation, word, name)) WITHOUT ROWID;
`;

/** Mentions by edits, since version 25 of store.db. */
export const EDIT_MENTIONS_TABLE = `
-- Messages that mention a member since an edit, until the member's mark passes them: their totals are written already.
CREATE TABLE edit_mentions (
  conversation INTEGER, user INTEGER, id TEXT, at INTEGER NOT NULL, PRIMARY KEY (conversation, user, id)
) WITHOUT ROWID;
`;
