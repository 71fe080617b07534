import { type Migration, TABLE } from './migration.ts';

/** Members by their names. */
export const memberNames: Migration = {
  version: 15,
  name: 'names of members',
  statements: [
    `ALTER TABLE group_members ADD COLUMN display_name VARCHAR(64) NOT NULL DEFAULT ''
      COMMENT 'of the profile; of former members: the last one known'`,
    "ALTER TABLE group_members ADD COLUMN display_order VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'see memberOrder'",
    'ALTER TABLE group_members ADD KEY by_name (conversation_id, left_at, role, display_order, user_id)',
    // Of current members: see memberWords.
    `CREATE TABLE IF NOT EXISTS group_member_words (
      conversation_id VARCHAR(64) NOT NULL,
      word VARCHAR(64) NOT NULL,
      user_id VARCHAR(64) NOT NULL,
      PRIMARY KEY (conversation_id, word, user_id)
    ) ${TABLE}`,
  ],
};
