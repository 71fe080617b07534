import type { Migration } from './migration.ts';

/** Revocations are numbered, and tokens carry the number. */
export const generations: Migration = {
  version: 7,
  name: 'generations of tokens',
  statements: [
    `ALTER TABLE revocations ADD COLUMN generation BIGINT NOT NULL DEFAULT 0 COMMENT 'tokens of earlier ones are void'`,
    `ALTER TABLE revocations ADD COLUMN counter BIGINT NOT NULL DEFAULT 0 COMMENT 'of the user, where device_id is empty'`,
  ],
};
