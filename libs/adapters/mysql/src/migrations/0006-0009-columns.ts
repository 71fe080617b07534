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

/** Revocations are numbered, and tokens carry the number. */
export const generations: Migration = {
  version: 7,
  name: 'generations of tokens',
  statements: [
    `ALTER TABLE revocations ADD COLUMN generation BIGINT NOT NULL DEFAULT 0 COMMENT 'tokens of earlier ones are void'`,
    `ALTER TABLE revocations ADD COLUMN counter BIGINT NOT NULL DEFAULT 0 COMMENT 'of the user, where device_id is empty'`,
  ],
};

/**
 * Whether the user has proved that an e-mail address is theirs; earlier addresses are unproven. Unused for other
 * providers.
 */
export const confirmedAddresses: Migration = {
  version: 8,
  name: 'confirmed e-mail addresses',
  statements: ['ALTER TABLE registrations ADD COLUMN confirmed TINYINT NOT NULL DEFAULT 0'],
};

/** Inboxes that got another epoch individually. */
export const lives: Migration = {
  version: 9,
  name: 'lives of inboxes',
  statements: [
    `ALTER TABLE inbox_heads ADD COLUMN life BIGINT NOT NULL DEFAULT 0
      COMMENT 'how often it was given another epoch than the one in meta'`,
  ],
};
