import { MOVED_KINDS, type MovedKind, type MovedPage, type MovedRow } from '@chasqui/ports';
import type { Database, Row, Statement } from '../engine/index.ts';
import { ODD_TABLES, type OddTable } from './odd-tables.ts';
import { MOVED_TABLES } from './tables.ts';

export type TableKind = Exclude<MovedKind, 'moments'>;

/** Characters in one statement: servers refuse packets of more than 16 MB. */
const MAX_CHARACTERS = 1_000_000;

const namesOf = (columns: string): string[] => columns.split(',').map((name) => name.trim());

function tableOf(kind: TableKind): OddTable {
  if (Object.hasOwn(ODD_TABLES, kind)) return ODD_TABLES[kind as keyof typeof ODD_TABLES];
  const same = (row: MovedRow) => row;
  return { ...MOVED_TABLES[kind as keyof typeof MOVED_TABLES], rowOf: same, valuesOf: same };
}

/** Rows behind a key. Not as rows of values: MySQL finds no range of an index for those. */
function behind(key: readonly string[], values: readonly Row[number][]): { sql: string; values: Row } {
  const parts = key.map((name, at) =>
    [...key.slice(0, at).map((equal) => `${equal} = ?`), `${name} > ?`].join(' AND '),
  );
  return { sql: `(${parts.join(' OR ')})`, values: key.flatMap((_, at) => values.slice(0, at + 1)) };
}

/** A page of a table in the order of its primary key. The cursor is the last key. */
export async function pageOfTable(
  database: Database,
  ...[kind, cursor, limit]: [kind: TableKind, cursor: string | null, limit: number]
): Promise<MovedPage> {
  const { table, columns, order, where, group = '', rowOf } = tableOf(kind);
  const names = namesOf(columns);
  const key = order === undefined ? names.slice(0, MOVED_KINDS[kind].key) : namesOf(order);
  const start = cursor === null ? undefined : behind(key, JSON.parse(cursor));
  const conditions = [...(start === undefined ? [] : [start.sql]), ...(where === undefined ? [] : [`(${where})`])];
  const only = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const sorted = key.length === 0 ? '' : `ORDER BY ${key.join(', ')}`;
  const sql = `SELECT ${columns} FROM ${table} ${only} ${group} ${sorted} LIMIT ?`;
  const { rows } = await database.run({ sql, values: [...(start?.values ?? []), limit] });
  const last = rows.at(-1);
  const isLast = last === undefined || rows.length < limit || key.length === 0;
  const place = isLast ? null : key.map((name) => last[names.indexOf(name)]);
  return { rows: rows.map(rowOf), cursor: place === null ? null : JSON.stringify(place) };
}

/** Statements that write rows, or replace them. */
export function* putInTable(kind: TableKind, rows: readonly MovedRow[]): Generator<Statement> {
  const { table, columns, written = columns, more, valuesOf } = tableOf(kind);
  const all = more === undefined ? written : `${written}, ${more.column}`;
  const sql = `REPLACE INTO ${table} (${all}) VALUES ?`;
  for (const piece of piecesOf(rows)) {
    const values = piece.map((row) => (more === undefined ? valuesOf(row) : [...valuesOf(row), more.value]));
    yield { sql, values: [values] };
  }
}

/** Rows in pieces that fit into a statement each. */
export function* piecesOf(rows: readonly MovedRow[]): Generator<MovedRow[]> {
  let [piece, characters]: [MovedRow[], number] = [[], 0];
  for (const row of rows) {
    const size = row.reduce<number>((sum, value) => sum + String(value).length, 0);
    if (piece.length > 0 && characters + size > MAX_CHARACTERS) {
      yield piece;
      [piece, characters] = [[], 0];
    }
    piece.push(row);
    characters += size;
  }
  if (piece.length > 0) yield piece;
}
