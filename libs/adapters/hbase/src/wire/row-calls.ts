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

// The calls of a region server's ClientService that we make. Field numbers: HBase's Client.proto.

/** Actions on one region. */
export interface RegionActions {
  /** The region's full name. */
  region: Buffer;
  actions: readonly RowAction[];
}

/** Of one action: its row (null if there is none, or if it was no get), or how it failed. */
export type ActionResult = Row | null | HbaseError;

/** Many actions on regions of one server, in one call. A region that fails as a whole fails all its actions. */
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

/** A pair of the class's name and Java's text. */
function readException(reader: ProtoReader): HbaseError {
  let className = '';
  let stack = '';
  while (reader.next()) {
    if (reader.field === 1) className = reader.string();
    else if (reader.field === 2) stack = reader.string();
  }
  return serverError(className, stack, false);
}

/** A mutation that happens only if its condition holds, in one atomic step. The reply: whether it happened. */
export function checkAndMutate(region: Buffer, condition: Condition, mutation: Mutation): RpcCall<boolean> {
  const out = new ProtoWriter(512);
  writeRegion(out, 1, region);
  writeMutation(out, 2, mutation);
  writeCondition(out, 3, mutation.row, condition);
  return {
    method: 'Mutate',
    request: out.finish(),
    decode(reply) {
      for (const reader = new ProtoReader(reply); reader.next(); ) if (reader.field === 2) return reader.bool();
      return false;
    },
  };
}

export interface ScanOptions {
  /** The first row wanted; empty: from the start of the region. */
  from: Buffer;
  /** The first row not wanted any more; empty: to the end of the region. */
  to: Buffer;
  limit: number;
  /** Rows are complete, but there are fewer of them when they are larger than this. */
  maxBytes?: number;
  /** Default: ours. */
  family?: string;
  /** From `from` down to `to`. */
  reversed?: boolean;
}

export interface ScanReply {
  rows: Row[];
  /** Not all that the region has between the two. */
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
        if (reader.field === 5) rows.push(readRow(reader.message()) ?? raiseEmptyRow());
        else if (reader.field === 8) more = reader.bool();
      }
      return { rows, more };
    },
  };
}

function raiseEmptyRow(): never {
  throw new RangeError('a row without values');
}
