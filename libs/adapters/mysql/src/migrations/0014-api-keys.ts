import { type Migration, TABLE } from './migration.ts';

/** The keys of the server API. */
export const apiKeys: Migration = {
  version: 14,
  name: 'keys of the server API',
  statements: [
    `CREATE TABLE IF NOT EXISTS api_keys (
      key_id CHAR(16) NOT NULL,
      name VARCHAR(64) NOT NULL,
      scopes TEXT NOT NULL COMMENT 'separated by spaces',
      secret_hash CHAR(64) NOT NULL,
      former_hash VARCHAR(64) NOT NULL,
      former_until BIGINT NOT NULL,
      per_second INT NOT NULL,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      last_used_at BIGINT NOT NULL,
      revoked_at BIGINT NOT NULL,
      PRIMARY KEY (key_id)
    ) ${TABLE}`,
  ],
};
