import { createHash } from 'node:crypto';

/**
 * One step of the schema, applied once. Statements run in order. Each must be repeatable, as an interrupted step starts
 * again (`CREATE TABLE IF NOT EXISTS`; an `ALTER` that was already applied is no error).
 */
export interface Migration {
  /** 1, 2, 3 … */
  version: number;
  name: string;
  statements: readonly string[];
}

/** Options of every table: ids compare byte by byte, texts hold any character. */
export const TABLE = 'ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/** Detects whether a step has changed since it was applied. */
export function checksumOf({ statements }: Migration): string {
  return createHash('sha256').update(statements.join(';\n')).digest('hex');
}
