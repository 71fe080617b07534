import { type Migration, TABLE } from './migration.ts';

/** Registered users. */
export const accounts: Migration = {
  version: 2,
  name: 'accounts',
  statements: [
    `CREATE TABLE IF NOT EXISTS accounts (
      user_id VARCHAR(64) NOT NULL,
      password_hash VARCHAR(512) NOT NULL,
      display_name VARCHAR(255) NOT NULL,
      created_at BIGINT NOT NULL,
      PRIMARY KEY (user_id)
    ) ${TABLE}`,
  ],
};
