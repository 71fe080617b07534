import { type Migration, TABLE } from './migration.ts';

/** Mentions by edits. */
export const editMentions: Migration = {
  version: 24,
  name: 'edit mentions',
  statements: [
    // Messages that mention a member since an edit, until the member's mark passes them.
    `CREATE TABLE IF NOT EXISTS edit_mentions (
      conversation_id VARCHAR(64) NOT NULL,
      user_id VARCHAR(64) NOT NULL,
      message_id VARCHAR(24) NOT NULL,
      at BIGINT NOT NULL COMMENT 'of the edit',
      PRIMARY KEY (conversation_id, user_id, message_id)
    ) ${TABLE}`,
  ],
};
