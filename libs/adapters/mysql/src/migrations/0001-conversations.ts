import { type Migration, TABLE } from './migration.ts';

/** Conversations and inboxes, and what recording depends on. */
export const conversations: Migration = {
  version: 1,
  name: 'sessions and inboxes',
  statements: [
    `CREATE TABLE IF NOT EXISTS meta (
      name VARCHAR(64) NOT NULL,
      value VARCHAR(255) NOT NULL,
      PRIMARY KEY (name)
    ) ${TABLE}`,
    // One row per user. Every write to a user's conversations or inbox locks it first.
    `CREATE TABLE IF NOT EXISTS inbox_heads (
      user_id VARCHAR(64) NOT NULL,
      head BIGINT NOT NULL DEFAULT 0 COMMENT 'the last position given out',
      floor BIGINT NOT NULL DEFAULT 0 COMMENT 'positions up to here are trimmed',
      unread BIGINT NOT NULL DEFAULT 0 COMMENT 'sum of the unread counts of the sessions',
      oldest_at BIGINT NULL COMMENT 'time of the first entry that is kept; null: there is none',
      PRIMARY KEY (user_id),
      KEY by_oldest (oldest_at)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS inbox (
      user_id VARCHAR(64) NOT NULL,
      position BIGINT NOT NULL,
      at BIGINT NOT NULL,
      kind TINYINT NOT NULL COMMENT '1 incoming message, 2 outgoing message, 3 update',
      conversation_id VARCHAR(129) NOT NULL COMMENT 'of messages',
      message_id VARCHAR(24) NOT NULL COMMENT 'of messages',
      previous BIGINT NOT NULL COMMENT 'of incoming messages: the place of the conversation''s incoming one before',
      body MEDIUMTEXT NOT NULL COMMENT 'of messages: the clientMessageId; else the update as JSON',
      PRIMARY KEY (user_id, position)
    ) ${TABLE}`,
    // Both users' rows of a conversation are adjacent.
    `CREATE TABLE IF NOT EXISTS sessions (
      conversation_id VARCHAR(129) NOT NULL,
      user_id VARCHAR(64) NOT NULL,
      last_message_id VARCHAR(24) NOT NULL,
      last_own TINYINT NOT NULL COMMENT 'whether the user sent the last message',
      preview VARCHAR(100) NOT NULL,
      unread BIGINT NOT NULL,
      read_up_to VARCHAR(24) NOT NULL DEFAULT '',
      updated_at BIGINT NOT NULL,
      sent_id VARCHAR(24) NOT NULL COMMENT 'the last message that the user sent; empty: none',
      incoming BIGINT NOT NULL COMMENT 'inbox place of the last incoming message; 0: none',
      trimmed BIGINT NOT NULL DEFAULT 0 COMMENT 'unread messages whose inbox entries are trimmed',
      PRIMARY KEY (conversation_id, user_id),
      KEY by_user (user_id, updated_at, conversation_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS dedup (
      sender_key VARCHAR(129) NOT NULL COMMENT 'sender, a space, clientMessageId',
      message_id VARCHAR(24) NOT NULL,
      digest VARCHAR(32) NOT NULL,
      sender_position BIGINT NOT NULL,
      receiver_position BIGINT NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (sender_key),
      KEY by_time (at)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS recalls (
      conversation_id VARCHAR(129) NOT NULL,
      message_id VARCHAR(24) NOT NULL,
      PRIMARY KEY (conversation_id, message_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS device_positions (
      user_id VARCHAR(64) NOT NULL,
      device_id VARCHAR(64) NOT NULL,
      position BIGINT NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (user_id, device_id)
    ) ${TABLE}`,
  ],
};
