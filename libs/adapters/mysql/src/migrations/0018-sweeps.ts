import { type Migration, TABLE } from './migration.ts';

/** Who leads each sweep, and how far it is. */
export const sweeps: Migration = {
  version: 18,
  name: 'sweeps',
  statements: [
    `CREATE TABLE IF NOT EXISTS sweeps (
      name VARCHAR(64) NOT NULL,
      owner VARCHAR(255) NOT NULL,
      held_until BIGINT NOT NULL,
      sweep_cursor TEXT NULL COMMENT 'null: at the beginning',
      next_at BIGINT NOT NULL,
      PRIMARY KEY (name)
    ) ${TABLE}`,
  ],
};
