import type { SQLInputValue } from 'node:sqlite';
import { MOVED_KINDS, type MovedKind, type MovedPage, type MovedRow } from '@chasqui/ports';
import type { Database } from '../../sqlite/database.ts';
import type { Names } from './names.ts';
import { MOVED_TABLES, type MovedTable, type OddKind } from './tables.ts';

export type TableKind = Exclude<MovedKind, OddKind>;

const namesOf = ({ columns }: MovedTable): string[] => columns.split(',').map((name) => name.trim());

/** A page of a kind that is one table, in the order of its key. The cursor is the last key, as the table has it. */
export function pageOfTable(
  db: Database,
  names: Names,
  ...[kind, cursor, limit]: [kind: TableKind, cursor: string | null, limit: number]
): MovedPage {
  const of = MOVED_TABLES[kind];
  const columns = namesOf(of);
  const key = columns.slice(0, MOVED_KINDS[kind].key);
  const after = cursor === null ? [] : (JSON.parse(cursor) as SQLInputValue[]);
  const behind = `(${key.join(', ')}) > (${key.map(() => '?').join(', ')})`;
  const conditions = [...(after.length === 0 ? [] : [behind]), ...(of.where === undefined ? [] : [`(${of.where})`])];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const order = key.length === 0 ? '' : ` ORDER BY ${key.join(', ')}`;
  const rows = db.all(`SELECT ${of.columns} FROM ${of.table}${where}${order} LIMIT ?`, ...after, limit);
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => columns.map((name, at) => out(of, name, row[at] as MovedRow[number], names))),
    cursor:
      last === undefined || rows.length < limit || key.length === 0 ? null : JSON.stringify(last.slice(0, key.length)),
  };
}

function out({ as }: MovedTable, column: string, value: MovedRow[number], names: Names): MovedRow[number] {
  return as?.[column]?.out(value, names) ?? value;
}

/** Rows that are there are replaced. */
export function putInTable(db: Database, names: Names, kind: TableKind, rows: readonly MovedRow[]): void {
  const of = MOVED_TABLES[kind];
  const columns = namesOf(of);
  const { number } = of;
  const all = number === undefined ? columns : [...columns, number.column];
  const sql = `INSERT OR REPLACE INTO ${of.table} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})`;
  if (MOVED_KINDS[kind].key === 0) db.run(`DELETE FROM ${of.table}`);
  for (const row of rows) {
    const values = columns.map((name, at) => of.as?.[name]?.back(row[at] ?? null, names) ?? row[at] ?? null);
    if (number !== undefined) values.push(names.userId(row[columns.indexOf(number.of)] as string));
    db.run(sql, ...values);
  }
}
