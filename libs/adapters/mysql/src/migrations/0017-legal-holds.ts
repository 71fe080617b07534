import { type Migration, TABLE } from './migration.ts';

/** Legal holds, and what is kept for them. */
export const legalHolds: Migration = {
  version: 17,
  name: 'legal holds',
  statements: [
    `CREATE TABLE IF NOT EXISTS legal_holds (
      hold_id CHAR(24) NOT NULL,
      kind VARCHAR(16) NOT NULL,
      subject VARCHAR(129) NOT NULL,
      reason VARCHAR(200) NOT NULL,
      placed_by VARCHAR(128) NOT NULL,
      placed_at BIGINT NOT NULL,
      PRIMARY KEY (hold_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS held_messages (
      hold_id CHAR(24) NOT NULL,
      message_id VARCHAR(24) NOT NULL,
      conversation_id VARCHAR(129) NOT NULL,
      sender_id VARCHAR(64) NOT NULL,
      sent_at BIGINT NOT NULL,
      deleted_at BIGINT NOT NULL,
      content MEDIUMTEXT NOT NULL COMMENT 'as JSON',
      PRIMARY KEY (hold_id, message_id)
    ) ${TABLE}`,
  ],
};
