import type { Migration } from './migration.ts';

/** Pictures of users and groups. */
export const profilePictures: Migration = {
  version: 23,
  name: 'profile pictures',
  statements: [
    `ALTER TABLE attachments ADD COLUMN public_id CHAR(32) NULL COMMENT 'see PublicId',
      ADD UNIQUE KEY attachments_public (public_id)`,
    // Whether a picture is shown: references of profile pictures have no message.
    'ALTER TABLE attachment_refs ADD KEY attachment_refs_of (attachment_id, message_id)',
  ],
};
