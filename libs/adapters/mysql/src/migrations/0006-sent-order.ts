import type { Migration } from './migration.ts';

/** What a user sent in a conversation, per device. */
export const sentOrder: Migration = {
  version: 6,
  name: 'the order of each device',
  statements: [
    `ALTER TABLE sessions ADD COLUMN sent_order VARCHAR(362) NOT NULL DEFAULT ''
      COMMENT 'the last message of each of the user''s devices, see SentOrder; empty: only sent_id is known'`,
  ],
};
