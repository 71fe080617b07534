import type { Migration } from './migration.ts';

/** What is known of pictures, videos and sounds. */
export const media: Migration = {
  version: 21,
  name: 'media of attachments',
  statements: [
    `ALTER TABLE attachments ADD COLUMN media VARCHAR(2000) NULL COMMENT 'AttachedMedia as JSON',
      ADD COLUMN is_cleaned TINYINT NOT NULL DEFAULT 0 COMMENT 'readers get other bytes than the uploaded ones'`,
  ],
};
