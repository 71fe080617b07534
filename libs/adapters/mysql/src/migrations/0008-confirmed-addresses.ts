import type { Migration } from './migration.ts';

/**
 * Whether the user has proved that an e-mail address is theirs; earlier addresses are unproven. Unused for other
 * providers.
 */
export const confirmedAddresses: Migration = {
  version: 8,
  name: 'confirmed e-mail addresses',
  statements: ['ALTER TABLE registrations ADD COLUMN confirmed TINYINT NOT NULL DEFAULT 0'],
};
