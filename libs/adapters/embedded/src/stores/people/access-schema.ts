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
