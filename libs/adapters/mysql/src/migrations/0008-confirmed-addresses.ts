import type { Migration } from './migration.ts';

/** Whether an e-mail address was shown to be its user's; those of before were not. Of other providers it says nothing. */
export const confirmedAddresses: Migration = {
  version: 8,
  name: 'confirmed e-mail addresses',
  statements: ['ALTER TABLE registrations ADD COLUMN confirmed TINYINT NOT NULL DEFAULT 0'],
};
