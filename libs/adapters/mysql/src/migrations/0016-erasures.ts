import { type Migration, TABLE } from './migration.ts';

/** Erasures of users. */
export const erasures: Migration = {
  version: 16,
  name: 'erasures of users',
  statements: [
    `CREATE TABLE IF NOT EXISTS erasures (
      user_id VARCHAR(64) NOT NULL,
      erases_messages TINYINT NOT NULL,
      asked_by VARCHAR(128) NOT NULL,
      requested_at BIGINT NOT NULL,
      done_at BIGINT NOT NULL COMMENT '0: under way',
      held_until BIGINT NOT NULL,
      PRIMARY KEY (user_id),
      KEY by_request (done_at, requested_at)
    ) ${TABLE}`,
    'ALTER TABLE moment_likes ADD KEY by_user (user_id)',
    'ALTER TABLE moment_comments ADD KEY by_author (author_id)',
  ],
};
