import { type Migration, TABLE } from './migration.ts';

/** What users set in conversations. */
export const conversationStates: Migration = {
  version: 11,
  name: 'states of conversations',
  statements: [
    `CREATE TABLE IF NOT EXISTS conversation_states (
      user_id VARCHAR(64) NOT NULL,
      conversation_id VARCHAR(129) NOT NULL,
      body TEXT NOT NULL COMMENT 'what differs from the default, see encodeState',
      PRIMARY KEY (user_id, conversation_id)
    ) ${TABLE}`,
  ],
};
