import type { Migration } from './migration.ts';

/**
 * Entries and logs name users and no longer assume two. Older rows keep their data in columns that are now only read
 * (see the row codecs), so that no large table is rewritten.
 */
export const conversationEntries: Migration = {
  version: 10,
  name: 'conversation entries, places and actions',
  statements: [
    'RENAME TABLE sessions TO conversation_entries',
    `ALTER TABLE conversation_entries ADD COLUMN last_from VARCHAR(64) NOT NULL DEFAULT ''
      COMMENT 'who sent the last message; empty: last_own says it'`,
    "ALTER TABLE conversation_entries ADD COLUMN read_at BIGINT NOT NULL DEFAULT 0 COMMENT 'when read_up_to moved; 0: not known'",
    "ALTER TABLE conversation_entries ADD COLUMN read_node VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'where the reader was connected'",
    'ALTER TABLE conversation_entries ALTER COLUMN last_own SET DEFAULT 0',
    `ALTER TABLE inbox ADD COLUMN sender VARCHAR(64) NOT NULL DEFAULT ''
      COMMENT 'of messages; empty: the row is of before and the conversation says it'`,
    `ALTER TABLE dedup ADD COLUMN places VARCHAR(1024) NOT NULL DEFAULT ''
      COMMENT 'log and position of each place, see encodePlaces; empty: the two positions say it'`,
    'ALTER TABLE dedup ALTER COLUMN sender_position SET DEFAULT 0',
    'ALTER TABLE dedup ALTER COLUMN receiver_position SET DEFAULT 0',
    'RENAME TABLE recalls TO message_actions',
    'ALTER TABLE message_actions ADD COLUMN revision INT NOT NULL DEFAULT 1',
    `ALTER TABLE message_actions DROP PRIMARY KEY, ADD PRIMARY KEY (conversation_id, message_id, revision)`,
  ],
};
