import { type Migration, TABLE } from './migration.ts';

/** The ledger of attachments, and what refers to them. */
export const attachments: Migration = {
  version: 19,
  name: 'attachments',
  statements: [
    `CREATE TABLE IF NOT EXISTS attachments (
      attachment_id CHAR(32) NOT NULL,
      owner_id VARCHAR(64) NOT NULL,
      state TINYINT NOT NULL COMMENT 'the place in ATTACHMENT_STATES',
      name VARCHAR(200) NOT NULL,
      size BIGINT NOT NULL,
      type VARCHAR(128) NOT NULL,
      sha256 CHAR(64) NOT NULL,
      reason VARCHAR(32) NULL,
      reserved_at BIGINT NOT NULL,
      refs INT NOT NULL COMMENT 'how many rows of attachment_refs name it',
      due_at BIGINT NOT NULL COMMENT 'when it is collected if there is none',
      PRIMARY KEY (attachment_id),
      KEY attachments_unused (refs, due_at),
      KEY attachments_owner (owner_id, refs),
      KEY attachments_due (state, due_at)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS attachment_refs (
      holder VARCHAR(129) NOT NULL COMMENT 'see AttachmentHolder',
      message_id VARCHAR(24) NOT NULL,
      attachment_id CHAR(32) NOT NULL,
      PRIMARY KEY (holder, message_id, attachment_id)
    ) ${TABLE}`,
  ],
};
