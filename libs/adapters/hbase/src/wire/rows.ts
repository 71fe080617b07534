import type { ProtoReader } from './proto-reader.ts';

/**
 * A row as HBase returns it: the newest value of each column, by qualifier. The values are views of the reply, not
 * copies.
 */
export interface Row {
  key: Buffer;
  cells: ReadonlyMap<string, Buffer>;
}

/** Null for a result without values, which means that the row does not exist. */
export function readRow(result: ProtoReader): Row | null {
  let key: Buffer | null = null;
  const cells = new Map<string, Buffer>();
  while (result.next()) {
    if (result.field !== 1) continue;
    const cell = result.message();
    let qualifier = '';
    let value: Buffer = EMPTY;
    while (cell.next()) {
      if (cell.field === 1) key ??= cell.bytes();
      else if (cell.field === 3) qualifier = cell.string();
      else if (cell.field === 6) value = cell.bytes();
    }
    cells.set(qualifier, value);
  }
  return key === null ? null : { key, cells };
}

const EMPTY = Buffer.alloc(0);
