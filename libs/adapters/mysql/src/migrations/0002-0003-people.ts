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

/** Profiles, relations, devices, revocations and outcomes of notifications. */
export const people: Migration = {
  version: 3,
  name: 'people and their devices',
  statements: [
    // One row per user. Every write to a user's relations, devices or revocations locks it first.
    `CREATE TABLE IF NOT EXISTS people (
      user_id VARCHAR(64) NOT NULL,
      contacts INT NOT NULL DEFAULT 0 COMMENT 'rows of contacts',
      blocks INT NOT NULL DEFAULT 0 COMMENT 'rows of blocks',
      PRIMARY KEY (user_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS profiles (
      user_id VARCHAR(64) NOT NULL,
      version INT NOT NULL,
      body MEDIUMTEXT NOT NULL COMMENT 'the profile as JSON',
      PRIMARY KEY (user_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS name_words (
      word VARCHAR(64) NOT NULL,
      user_id VARCHAR(64) NOT NULL,
      PRIMARY KEY (word, user_id),
      KEY by_user (user_id, word)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS contacts (
      user_id VARCHAR(64) NOT NULL,
      other_id VARCHAR(64) NOT NULL,
      state VARCHAR(16) NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (user_id, other_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS blocks (
      user_id VARCHAR(64) NOT NULL,
      other_id VARCHAR(64) NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (user_id, other_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS devices (
      user_id VARCHAR(64) NOT NULL,
      device_id VARCHAR(64) NOT NULL,
      platform VARCHAR(64) NOT NULL,
      first_seen BIGINT NOT NULL,
      last_seen BIGINT NOT NULL,
      PRIMARY KEY (user_id, device_id)
    ) ${TABLE}`,
    // Tokens are too long for an index. A token that belongs to one person only has its digest here, which is unique.
    `CREATE TABLE IF NOT EXISTS registrations (
      user_id VARCHAR(64) NOT NULL,
      device_id VARCHAR(64) NOT NULL,
      provider VARCHAR(16) NOT NULL,
      token TEXT NOT NULL,
      token_key VARCHAR(96) NULL COMMENT 'provider and digest of the token; null: others may have the same',
      app VARCHAR(128) NOT NULL,
      language VARCHAR(64) NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (user_id, device_id, provider),
      UNIQUE KEY by_token (token_key)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS revocations (
      user_id VARCHAR(64) NOT NULL,
      device_id VARCHAR(64) NOT NULL COMMENT 'empty: all of the user',
      issued_before BIGINT NOT NULL,
      PRIMARY KEY (user_id, device_id),
      KEY by_age (issued_before)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS push_outcomes (
      subject_id VARCHAR(64) NOT NULL,
      user_id VARCHAR(64) NOT NULL,
      device_id VARCHAR(64) NOT NULL COMMENT 'empty: the user had none',
      result VARCHAR(16) NOT NULL,
      provider VARCHAR(16) NULL,
      reason VARCHAR(128) NOT NULL,
      attempts INT NOT NULL,
      at BIGINT NOT NULL,
      node VARCHAR(255) NOT NULL,
      PRIMARY KEY (subject_id, user_id, device_id),
      KEY by_age (at)
    ) ${TABLE}`,
  ],
};
