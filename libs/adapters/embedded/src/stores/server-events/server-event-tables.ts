/** The log of server events, and webhooks. */
export const SERVER_EVENT_TABLES = `
CREATE TABLE server_events (
  position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, key TEXT NOT NULL, logged_at INTEGER NOT NULL,
  body TEXT NOT NULL            -- the event as JSON
);
CREATE INDEX server_events_key ON server_events (key, position);
-- One row: events at positions in (floor, head] are kept.
CREATE TABLE server_event_log (
  floor INTEGER NOT NULL, head INTEGER NOT NULL, wanted_from INTEGER NOT NULL, wanted_until INTEGER NOT NULL
);
INSERT INTO server_event_log VALUES (0, 0, 0, 0);

CREATE TABLE webhooks (
  endpoint TEXT PRIMARY KEY, version INTEGER NOT NULL, created_at INTEGER NOT NULL,
  body TEXT NOT NULL,           -- the endpoint as JSON
  owner TEXT NOT NULL, beat INTEGER NOT NULL,
  progress TEXT NOT NULL        -- as JSON
) WITHOUT ROWID;
CREATE TABLE webhook_dead_letters (
  endpoint TEXT, position INTEGER, at INTEGER NOT NULL, error TEXT NOT NULL, is_replayed INTEGER NOT NULL,
  body TEXT NOT NULL,           -- the event as JSON
  PRIMARY KEY (endpoint, position)
) WITHOUT ROWID;
CREATE INDEX webhook_dead_letters_age ON webhook_dead_letters (at);
`;
