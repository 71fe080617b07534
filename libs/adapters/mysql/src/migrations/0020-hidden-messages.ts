import { type Migration, TABLE } from './migration.ts';

/** What users deleted for themselves. */
export const hiddenMessages: Migration = {
  version: 20,
  name: 'hidden messages',
  statements: [
    `CREATE TABLE IF NOT EXISTS hidden_messages (
      user_id VARCHAR(64) NOT NULL,
      conversation_id VARCHAR(129) NOT NULL,
      message_id CHAR(24) NOT NULL,
      PRIMARY KEY (user_id, conversation_id, message_id)
    ) ${TABLE}`,
  ],
};
