import { type Migration, TABLE } from './migration.ts';

/** Reactions to messages. */
export const reactions: Migration = {
  version: 22,
  name: 'reactions',
  statements: [
    // user_id empty: encodeReactions of the message; others: encodeReactor.
    `CREATE TABLE IF NOT EXISTS reactions (
      conversation_id VARCHAR(129) NOT NULL,
      message_id CHAR(24) NOT NULL,
      user_id VARCHAR(64) NOT NULL,
      body TEXT NOT NULL,
      PRIMARY KEY (conversation_id, message_id, user_id),
      KEY reactions_user (user_id, conversation_id, message_id)
    ) ${TABLE}`,
  ],
};
