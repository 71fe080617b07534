import { type Migration, TABLE } from './migration.ts';

/** Groups: their logs are in the tables of inboxes, under ids of one character more than a user's. */
export const groups: Migration = {
  version: 12,
  name: 'groups',
  statements: [
    'ALTER TABLE inbox_heads MODIFY COLUMN user_id VARCHAR(65) NOT NULL',
    'ALTER TABLE inbox MODIFY COLUMN user_id VARCHAR(65) NOT NULL',
    `CREATE TABLE IF NOT EXISTS chat_groups (
      conversation_id VARCHAR(64) NOT NULL,
      body TEXT NOT NULL COMMENT 'the group as JSON, without the columns below; written by changes',
      dissolved_at BIGINT NOT NULL COMMENT '0: it exists',
      last_message_id VARCHAR(24) NOT NULL,
      last_from VARCHAR(64) NOT NULL,
      preview VARCHAR(100) NOT NULL,
      updated_at BIGINT NOT NULL,
      PRIMARY KEY (conversation_id)
    ) ${TABLE}`,
    // Users who are or were in a group, with their read marks. Sending writes none of them.
    `CREATE TABLE IF NOT EXISTS group_members (
      conversation_id VARCHAR(64) NOT NULL,
      user_id VARCHAR(64) NOT NULL,
      role TINYINT NOT NULL COMMENT 'its place among the roles',
      left_at BIGINT NOT NULL COMMENT '0: is a member',
      since_id VARCHAR(24) NOT NULL COMMENT 'the last message of the group before the last stay',
      body TEXT NOT NULL COMMENT 'the member as JSON, without what other columns have',
      read_up_to VARCHAR(24) NOT NULL,
      read_at BIGINT NOT NULL,
      read_node VARCHAR(64) NOT NULL,
      read_others BIGINT NOT NULL COMMENT 'messages of others up to the mark',
      read_mentions BIGINT NOT NULL COMMENT 'of these, mentions of the member',
      PRIMARY KEY (conversation_id, user_id),
      KEY by_user (user_id, left_at),
      KEY by_role (conversation_id, left_at, role, user_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS group_totals (
      conversation_id VARCHAR(64) NOT NULL,
      who VARCHAR(65) NOT NULL COMMENT 'what is counted, see Who',
      message_id VARCHAR(24) NOT NULL,
      total BIGINT NOT NULL COMMENT 'up to this message, which counts too',
      PRIMARY KEY (conversation_id, who, message_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS group_links (
      link_id VARCHAR(64) NOT NULL,
      conversation_id VARCHAR(64) NOT NULL,
      created_by VARCHAR(64) NOT NULL,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL COMMENT '0: never',
      uses_left BIGINT NULL COMMENT 'null: any number',
      PRIMARY KEY (link_id),
      KEY by_group (conversation_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS group_requests (
      conversation_id VARCHAR(64) NOT NULL,
      user_id VARCHAR(64) NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (conversation_id, user_id),
      KEY by_time (conversation_id, at, user_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS group_changes (
      conversation_id VARCHAR(64) NOT NULL,
      asker VARCHAR(64) NOT NULL,
      change_id VARCHAR(64) NOT NULL,
      digest VARCHAR(64) NOT NULL,
      outcome MEDIUMTEXT NOT NULL COMMENT 'JSON, so that a repeat has the same',
      at BIGINT NOT NULL,
      PRIMARY KEY (conversation_id, asker, change_id),
      KEY by_time (at)
    ) ${TABLE}`,
  ],
};
