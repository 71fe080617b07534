import { createHash } from 'node:crypto';

/**
 * One step of the database, applied once and for ever. Statements are run in order; each must bear to be run again, as a
 * step that was cut short begins anew (`CREATE TABLE IF NOT EXISTS`; what an `ALTER` finds done already is no error).
 */
export interface Migration {
  /** 1, 2, 3 … */
  version: number;
  name: string;
  statements: readonly string[];
}

/** What every table is made with: ids compare byte by byte, texts hold any character. */
export const TABLE = 'ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/** Tells whether a step is still the one that was applied. */
export function checksumOf({ statements }: Migration): string {
  return createHash('sha256').update(statements.join(';\n')).digest('hex');
}
