import type { Migration } from './migration.ts';

/** Inboxes that got another epoch individually. */
export const lives: Migration = {
  version: 9,
  name: 'lives of inboxes',
  statements: [
    `ALTER TABLE inbox_heads ADD COLUMN life BIGINT NOT NULL DEFAULT 0
      COMMENT 'how often it was given another epoch than the one in meta'`,
  ],
};
