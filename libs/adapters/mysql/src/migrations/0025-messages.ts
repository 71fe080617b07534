import { type Migration, TABLE } from './migration.ts';

/** Messages, where MySQL keeps them. Setting up for them adds partitions by month: see `addMonths`. */
export const messages: Migration = {
  version: 25,
  name: 'messages',
  statements: [
    `CREATE TABLE IF NOT EXISTS messages (
      conversation_id VARCHAR(129) NOT NULL,
      message_id CHAR(24) NOT NULL,
      audience TEXT NOT NULL COMMENT 'log ids, separated by commas',
      statuses TEXT NOT NULL COMMENT 'see encodeStatuses',
      revision INT NOT NULL DEFAULT 0 COMMENT 'of the last action; 0: none',
      recalled_at BIGINT NULL,
      steps TEXT NOT NULL COMMENT 'see encodeSteps',
      body MEDIUMTEXT NOT NULL COMMENT 'the text of the message',
      PRIMARY KEY (conversation_id, message_id),
      KEY messages_by_id (message_id)
    ) ${TABLE}`,
    'ALTER TABLE messages PARTITION BY RANGE COLUMNS (message_id) (PARTITION later VALUES LESS THAN (MAXVALUE))',
  ],
};
