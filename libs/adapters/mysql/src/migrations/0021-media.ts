import type { Migration } from './migration.ts';

/** What is known of pictures, videos and sounds. */
export const media: Migration = {
  version: 21,
  name: 'media of attachments',
  statements: [`ALTER TABLE attachments ADD COLUMN media VARCHAR(2000) NULL COMMENT 'AttachedMedia as JSON'`],
};
