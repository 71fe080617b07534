import { format, type ResultSetHeader, type SqlValue } from 'mysql2';

export type Value = string | number | null;
export type Row = readonly Value[];

/**
 * One SQL statement. `?` stands for a value; `IN (?)` takes a list; `VALUES ?` takes rows. The driver escapes values,
 * which is safe under the session's `sql_mode` and character set (see `sessionSettings`).
 */
export interface Statement {
  sql: string;
  values?: readonly (Value | readonly Value[] | readonly Row[])[];
}

/** The result of one statement: the rows of a query, or the number of rows that a change affected. */
export interface Answer {
  rows: Row[];
  affected: number;
}

/** Joins statements for one round trip: the server runs them in order and stops at the first that fails. */
export function textOf(statements: readonly Statement[]): string {
  return statements
    .map(({ sql, values }) => (values === undefined ? sql : format(sql, values as SqlValue[], true)))
    .join(';\n');
}

/** The driver's results of `count` statements; the driver does not wrap a single result in a list. */
export function answersOf(results: unknown, count: number): Answer[] {
  const list = (count === 1 ? [results] : results) as (Row[] | ResultSetHeader)[];
  return list.map((one) =>
    Array.isArray(one) ? { rows: one, affected: 0 } : { rows: [], affected: one.affectedRows },
  );
}
