import type { ProtoWriter } from './proto-writer.ts';

/** One value of a row. HBase shows the value with the highest timestamp of each column. */
export interface Cell {
  qualifier: string;
  value: Buffer;
  /** Any whole number below 2^53; by convention, Unix ms. */
  timestamp: number;
}

/** An action on one row of a table with one column family. */
export type RowAction =
  | { kind: 'get'; row: Buffer; qualifiers?: readonly string[] }
  | { kind: 'put'; row: Buffer; cells: readonly Cell[] }
  /** Hides everything in the row up to a timestamp, including later writes (until the next major compaction). */
  | { kind: 'delete'; row: Buffer; upTo: number };

export type Mutation = Extract<RowAction, { kind: 'put' | 'delete' }>;

/** The column family of all our tables: one letter, as HBase stores it with each value. */
export const FAMILY = 'm';

/** The condition of a mutation, on one column. */
export type Condition =
  /** A value exists and is lower than this, byte by byte. */
  | { qualifier: string; below: Buffer }
  /** No value exists. */
  | { qualifier: string; absent: true };

const REGION_NAME = 1;
const PUT = 2;
const DELETE = 3;
const DELETE_FAMILY = 2;
const EQUAL = 2;
const GREATER = 5;
const COMPARATOR = 'org.apache.hadoop.hbase.filter.BinaryComparator';

export function writeRegion(out: ProtoWriter, field: number, region: Buffer): void {
  out.message(field, () => out.uint(1, REGION_NAME).bytes(2, region));
}

export function writeGet(out: ProtoWriter, field: number, { row, qualifiers }: RowAction & { kind: 'get' }): void {
  out.message(field, () => {
    out.bytes(1, row);
    out.message(2, () => {
      out.string(1, FAMILY);
      for (const qualifier of qualifiers ?? []) out.string(2, qualifier);
    });
  });
}

export function writeMutation(out: ProtoWriter, field: number, mutation: Mutation): void {
  out.message(field, () => {
    out.bytes(1, mutation.row);
    out.uint(2, mutation.kind === 'put' ? PUT : DELETE);
    out.message(3, () => {
      out.string(1, FAMILY);
      if (mutation.kind === 'delete') out.message(2, () => out.uint(3, mutation.upTo).uint(4, DELETE_FAMILY));
      else {
        for (const { qualifier, value, timestamp } of mutation.cells) {
          out.message(2, () => out.string(1, qualifier).bytes(2, value).uint(3, timestamp));
        }
      }
    });
  });
}

/** HBase compares the given value with the stored one (`GREATER`: the given one is greater); empty means absent. */
export function writeCondition(out: ProtoWriter, field: number, row: Buffer, condition: Condition): void {
  const value = 'absent' in condition ? Buffer.alloc(0) : condition.below;
  out.message(field, () => {
    out.bytes(1, row).string(2, FAMILY).string(3, condition.qualifier);
    out.uint(4, 'absent' in condition ? EQUAL : GREATER);
    out.message(5, () => {
      out.string(1, COMPARATOR);
      out.message(2, () => out.message(1, () => out.bytes(1, value)));
    });
  });
}
