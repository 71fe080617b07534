/** The tables of people and their devices, since version 2 of store.db. Users are named by their ids here. */
export const PEOPLE_SCHEMA = `
CREATE TABLE installs (
  user TEXT, device TEXT, platform TEXT NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
  PRIMARY KEY (user, device)
) WITHOUT ROWID;
-- provider is the place in PUSH_PROVIDERS.
CREATE TABLE registrations (
  user TEXT, device TEXT, provider INTEGER,
  token TEXT NOT NULL, app TEXT NOT NULL, language TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (user, device, provider)
) WITHOUT ROWID;
CREATE INDEX registrations_token ON registrations (token);

-- device is empty for all of a user's.
CREATE TABLE revocations (user TEXT, device TEXT, issued_before INTEGER NOT NULL, PRIMARY KEY (user, device)) WITHOUT ROWID;
CREATE INDEX revocations_age ON revocations (issued_before);

-- result is the place in PUSH_RESULTS.
CREATE TABLE push_outcomes (
  subject TEXT, user TEXT, device TEXT,
  result INTEGER NOT NULL, provider TEXT, reason TEXT NOT NULL, attempts INTEGER NOT NULL, at INTEGER NOT NULL, node TEXT NOT NULL,
  PRIMARY KEY (subject, user, device)
) WITHOUT ROWID;
CREATE INDEX push_outcomes_age ON push_outcomes (at);

CREATE TABLE profiles (user TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE name_words (word TEXT, user TEXT, PRIMARY KEY (word, user)) WITHOUT ROWID;

-- state is the place in CONTACT_STATES.
CREATE TABLE contacts (user TEXT, other TEXT, state INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (user, other)) WITHOUT ROWID;
CREATE TABLE blocks (user TEXT, other TEXT, at INTEGER NOT NULL, PRIMARY KEY (user, other)) WITHOUT ROWID;
`;

/** Whether an e-mail address was verified as its user's; older ones were not. Without meaning for other providers. */
export const CONFIRMED_SCHEMA = 'ALTER TABLE registrations ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 0;';

/** The tables of authentication and the audit log, since version 3 of store.db. */
export const ACCESS_SCHEMA = `
CREATE TABLE disabled (user TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE logins (user TEXT, login TEXT, step INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (user, login)) WITHOUT ROWID;
CREATE INDEX logins_age ON logins (at);

CREATE TABLE audit_log (
  id TEXT PRIMARY KEY, begun_by TEXT NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  target TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX audit_log_target ON audit_log (target, id);
CREATE INDEX audit_log_age ON audit_log (at);
`;

/** Erasures of users, and what finds the replies of one, since version 16 of store.db. */
export const ERASURES_SCHEMA = `
CREATE TABLE erasures (
  user TEXT PRIMARY KEY, erases_messages INTEGER NOT NULL, asked_by TEXT NOT NULL, requested_at INTEGER NOT NULL,
  done_at INTEGER NOT NULL, held_until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX erasures_open ON erasures (requested_at) WHERE done_at = 0;
CREATE INDEX moment_likes_user ON moment_likes (user);
CREATE INDEX moment_comments_author ON moment_comments (author);
`;

/** Legal holds, since version 17 of store.db. */
export const HOLDS_SCHEMA = `
CREATE TABLE holds (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT NOT NULL, placed_by TEXT NOT NULL,
  placed_at INTEGER NOT NULL
) WITHOUT ROWID;
-- content: as JSON.
CREATE TABLE held_messages (
  hold TEXT, message TEXT, conversation TEXT NOT NULL, sender TEXT NOT NULL, sent_at INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL, content TEXT NOT NULL, PRIMARY KEY (hold, message)
) WITHOUT ROWID;
`;

/** Who leads each sweep, and how far it is, since version 18 of store.db. */
export const SWEEPS_SCHEMA = `
CREATE TABLE sweeps (
  name TEXT PRIMARY KEY, owner TEXT NOT NULL, held_until INTEGER NOT NULL, cursor TEXT, next_at INTEGER NOT NULL
) WITHOUT ROWID;
`;

/** The keys of the server API, since version 14 of store.db. */
export const API_KEYS_SCHEMA = `
-- scopes: separated by spaces.
CREATE TABLE api_keys (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, scopes TEXT NOT NULL, hash TEXT NOT NULL, former_hash TEXT NOT NULL,
  former_until INTEGER NOT NULL, per_second INTEGER NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL, revoked_at INTEGER NOT NULL
) WITHOUT ROWID;
`;
