/** The ledger of attachments and its references, since version 20 of store.db. */
export const ATTACHMENTS_SCHEMA = `
-- state: the place in ATTACHMENT_STATES. refs: how many rows of attachment_refs name it. due_at: when it is collected if there is none.
CREATE TABLE attachments (
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, state INTEGER NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL,
  type TEXT NOT NULL, sha256 TEXT NOT NULL, reason TEXT, reserved_at INTEGER NOT NULL, refs INTEGER NOT NULL,
  due_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX attachments_unused ON attachments (due_at) WHERE refs = 0;
CREATE INDEX attachments_owner ON attachments (owner) WHERE refs = 0;
CREATE INDEX attachments_due ON attachments (due_at) WHERE state = 3;
-- holder: see AttachmentHolder.
CREATE TABLE attachment_refs (
  holder TEXT, message TEXT, attachment TEXT, PRIMARY KEY (holder, message, attachment)
) WITHOUT ROWID;
`;

/** What is known of pictures, videos and sounds, since version 22 of store.db. */
export const MEDIA_SCHEMA = `
-- media: AttachedMedia as JSON. is_cleaned: readers get other bytes than the uploaded ones.
ALTER TABLE attachments ADD COLUMN media TEXT;
ALTER TABLE attachments ADD COLUMN is_cleaned INTEGER NOT NULL DEFAULT 0;
`;

/** Profile pictures, since version 24 of store.db. */
export const PICTURES_SCHEMA = `
-- public_id: see PublicId.
ALTER TABLE attachments ADD COLUMN public_id TEXT;
CREATE UNIQUE INDEX attachments_public ON attachments (public_id) WHERE public_id IS NOT NULL;
-- References of profile pictures have no message.
CREATE INDEX attachment_refs_shown ON attachment_refs (attachment) WHERE message = '';
`;
