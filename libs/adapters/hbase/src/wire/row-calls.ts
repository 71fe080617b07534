import { HbaseError, serverError } from './hbase-error.ts';
import { ProtoReader } from './proto-reader.ts';
import { ProtoWriter } from './proto-writer.ts';
import {
  type Condition,
  FAMILY,
  type Mutation,
  type RowAction,
  writeCondition,
  writeGet,
  writeMutation,
  writeRegion,
} from './row-actions.ts';
import { type Row, readRow } from './rows.ts';
import type { RpcCall } from './rpc-connection.ts';

// The calls of a region server's ClientService that we use. Field numbers: HBase's Client.proto.

/** Actions on one region. */
export interface RegionActions {
  /** The region's full name. */
  region: Buffer;
  actions: readonly RowAction[];
}

/** The result of one action: its row (null if it does not exist, or if the action was no get), or its error. */
export type ActionResult = Row | null | HbaseError;

/** Many actions on regions of one server, in one call. If a region fails as a whole, all its actions fail. */
export function multi(regions: readonly RegionActions[]): RpcCall<ActionResult[][]> {
  const out = new ProtoWriter(16_384);
  for (const { region, actions } of regions) {
    out.message(1, () => {
      writeRegion(out, 1, region);
      for (const [index, action] of actions.entries()) {
        out.message(3, () => {
          out.uint(1, index);
          if (action.kind === 'get') writeGet(out, 3, action);
          else writeMutation(out, 2, action);
        });
      }
    });
  }
  return {
    method: 'Multi',
    request: out.finish(),
    decode(reply) {
      const results: ActionResult[][] = [];
      for (const reader = new ProtoReader(reply); reader.next(); ) {
        if (reader.field !== 1) continue;
        const count = regions[results.length]?.actions.length ?? 0;
        results.push(readRegionResult(reader.message(), count));
      }
      if (results.length !== regions.length) throw new RangeError('an answer for another number of regions');
      return results;
    },
  };
}

function readRegionResult(reader: ProtoReader, count: number): ActionResult[] {
  const results = new Array<ActionResult | undefined>(count).fill(undefined);
  while (reader.next()) {
    if (reader.field === 1) readActionResult(reader.message(), results);
    else if (reader.field === 2) results.fill(readException(reader.message()));
  }
  return results.map((result) => (result === undefined ? unanswered() : result));
}

function unanswered(): HbaseError {
  return new HbaseError('lost', 'NoAnswer', 'the batch came back without it');
}

function readActionResult(reader: ProtoReader, results: (ActionResult | undefined)[]): void {
  let index = 0;
  let result: ActionResult = null;
  while (reader.next()) {
    if (reader.field === 1) index = reader.uint();
    else if (reader.field === 2) result = readRow(reader.message());
    else if (reader.field === 3) result = readException(reader.message());
  }
  if (index < results.length) results[index] = result;
}

/** Reads a pair of the class's name and Java's text. */
function readException(reader: ProtoReader): HbaseError {
  let className = '';
  let stack = '';
  while (reader.next()) {
    if (reader.field === 1) className = reader.string();
    else if (reader.field === 2) stack = reader.string();
  }
  return serverError(className, stack, false);
}

/** A mutation that is applied only if its condition holds, atomically. */
export interface CheckedMutation {
  condition: Condition;
  mutation: Mutation;
}

/** Checked mutations of one region. */
export interface CheckedMutations {
  /** The region's full name. */
  region: Buffer;
  actions: readonly CheckedMutation[];
}

/**
 * Many checked mutations on regions of one server, in one call; the server runs them one after another. Returns for
 * each whether it was applied, or its error. Servers before HBase 2.4 do not support these conditions; each mutation
 * then fails as `TooOld`.
 */
export function multiChecked(regions: readonly CheckedMutations[]): RpcCall<(boolean | HbaseError)[][]> {
  const out = new ProtoWriter(16_384);
  for (const { region, actions } of regions) {
    for (const { condition, mutation } of actions) {
      out.message(1, () => {
        writeRegion(out, 1, region);
        out.message(3, () => {
          out.uint(1, 0);
          writeMutation(out, 2, mutation);
        });
        writeCondition(out, 4, mutation.row, condition);
      });
    }
  }
  return {
    method: 'Multi',
    request: out.finish(),
    decode(reply) {
      const results: (boolean | HbaseError)[] = [];
      for (const reader = new ProtoReader(reply); reader.next(); ) {
        if (reader.field === 1) results.push(readChecked(reader.message()));
      }
      const count = regions.reduce((sum, { actions }) => sum + actions.length, 0);
      if (results.length !== count) throw new RangeError('an answer for another number of mutations');
      return regions.map(({ actions }) => results.splice(0, actions.length));
    },
  };
}

function readChecked(reader: ProtoReader): boolean | HbaseError {
  let happened: boolean | undefined;
  while (reader.next()) {
    if (reader.field === 2) return readException(reader.message());
    if (reader.field === 3) happened = reader.bool();
  }
  return happened ?? new HbaseError('refused', 'TooOld', 'HBase does not know conditions in a batch');
}

export interface ScanOptions {
  /** First row, inclusive; empty: from the start of the region. */
  from: Buffer;
  /** Last row, exclusive; empty: to the end of the region. */
  to: Buffer;
  limit: number;
  /** Maximum size of the answer: it then has fewer rows, but only complete ones. */
  maxBytes?: number;
  /** Default: `FAMILY`. */
  family?: string;
  /** Descending, from `from` to `to`. */
  reversed?: boolean;
}

export interface ScanReply {
  rows: Row[];
  /** The region has further rows in the range. */
  more: boolean;
}

/** Rows of one region, in one call: no scanner stays open. */
export function scan(region: Buffer, { from, to, limit, maxBytes, family, reversed }: ScanOptions): RpcCall<ScanReply> {
  const out = new ProtoWriter(512);
  writeRegion(out, 1, region);
  out.message(2, () => {
    out.message(1, () => out.string(1, family ?? FAMILY));
    out.bytes(3, from).bytes(4, to).uint(10, maxBytes).bool(15, reversed);
  });
  out.uint(4, limit).bool(5, true);
  return {
    method: 'Scan',
    request: out.finish(),
    decode(reply) {
      const rows: Row[] = [];
      let more = false;
      for (const reader = new ProtoReader(reply); reader.next(); ) {
        if (reader.field === 5) rows.push(readRow(reader.message()) ?? failOnEmptyRow());
        else if (reader.field === 8) more = reader.bool();
      }
      return { rows, more };
    },
  };
}

function failOnEmptyRow(): never {
  throw new RangeError('a row without values');
}
