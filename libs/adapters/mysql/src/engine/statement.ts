import { format, type ResultSetHeader, type SqlValue } from 'mysql2';

export type Value = string | number | null;
export type Row = readonly Value[];

/**
 * One SQL statement. `?` stands for a value; for a list, `IN (?)`; for rows, `VALUES ?`. Values are put in by the
 * driver's escaping, which is safe under the session's `sql_mode` and character set (see `sessionSettings`).
 */
export interface Statement {
  sql: string;
  values?: readonly (Value | readonly Value[] | readonly Row[])[];
}

/** What one statement gave: the rows of a query, or how many rows a change touched. */
export interface Answer {
  rows: Row[];
  affected: number;
}

/** One text for one round trip: the server runs the statements in order and stops at the first that fails. */
export function textOf(statements: readonly Statement[]): string {
  return statements
    .map(({ sql, values }) => (values === undefined ? sql : format(sql, values as SqlValue[], true)))
    .join(';\n');
}

/** The driver's results of so many statements; one alone comes without the list around it. */
export function answersOf(results: unknown, count: number): Answer[] {
  const list = (count === 1 ? [results] : results) as (Row[] | ResultSetHeader)[];
  return list.map((one) =>
    Array.isArray(one) ? { rows: one, affected: 0 } : { rows: [], affected: one.affectedRows },
  );
}
