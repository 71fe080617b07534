import { type Migration, TABLE } from './migration.ts';

/** The log of server events, and webhooks. */
export const serverEvents: Migration = {
  version: 13,
  name: 'server events and webhooks',
  statements: [
    `CREATE TABLE IF NOT EXISTS server_events (
      position BIGINT NOT NULL,
      event_id VARCHAR(255) NOT NULL,
      event_key VARCHAR(129) NOT NULL,
      logged_at BIGINT NOT NULL,
      body MEDIUMTEXT NOT NULL COMMENT 'the event as JSON',
      PRIMARY KEY (position),
      UNIQUE KEY event_id (event_id),
      KEY event_key (event_key, position)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS server_event_log (
      id TINYINT NOT NULL,
      floor BIGINT NOT NULL COMMENT 'events at positions in (floor, head] are kept',
      head BIGINT NOT NULL,
      wanted_from BIGINT NOT NULL,
      wanted_until BIGINT NOT NULL,
      PRIMARY KEY (id)
    ) ${TABLE}`,
    'INSERT IGNORE INTO server_event_log VALUES (1, 0, 0, 0, 0)',
    `CREATE TABLE IF NOT EXISTS webhooks (
      endpoint_id VARCHAR(64) NOT NULL,
      version INT NOT NULL,
      created_at BIGINT NOT NULL,
      body TEXT NOT NULL COMMENT 'the endpoint as JSON',
      owner VARCHAR(64) NOT NULL,
      beat BIGINT NOT NULL,
      progress MEDIUMTEXT NOT NULL COMMENT 'as JSON',
      PRIMARY KEY (endpoint_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS webhook_dead_letters (
      endpoint_id VARCHAR(64) NOT NULL,
      position BIGINT NOT NULL,
      at BIGINT NOT NULL,
      error VARCHAR(128) NOT NULL,
      is_replayed TINYINT NOT NULL,
      body MEDIUMTEXT NOT NULL COMMENT 'the event as JSON',
      PRIMARY KEY (endpoint_id, position),
      KEY age (at)
    ) ${TABLE}`,
  ],
};
