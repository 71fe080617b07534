import type { Compression } from '../config.ts';
import { ProtoReader } from '../wire/proto-reader.ts';
import { ProtoWriter } from '../wire/proto-writer.ts';
import { FAMILY } from '../wire/row-actions.ts';
import type { RpcCall } from '../wire/rpc-connection.ts';

// The calls of the master's MasterService that we use. Field numbers: HBase's Master.proto and HBase.proto.

export interface NewTable {
  name: string;
  /** Number of initial regions, split evenly by the first byte of a row: 1 to 256. */
  regions: number;
  compression: Compression;
}

/**
 * A table for messages: HBase keeps only the newest version of each value, without expiry, and acks a write once it is
 * in the server's log. The reply: the number of the procedure that makes the table.
 */
export function createTable({ name, regions, compression }: NewTable): RpcCall<number> {
  const out = new ProtoWriter();
  out.message(1, () => {
    writeTableName(out, 1, name);
    writeAttribute(out, 'DURABILITY', 'SYNC_WAL');
    out.message(3, () => {
      out.string(1, FAMILY);
      writeAttribute(out, 'VERSIONS', '1');
      writeAttribute(out, 'COMPRESSION', compression.toUpperCase());
      writeAttribute(out, 'BLOOMFILTER', 'ROW');
      writeAttribute(out, 'DATA_BLOCK_ENCODING', 'FAST_DIFF');
    });
  });
  for (let i = 1; i < regions; i++) out.bytes(2, Buffer.of(Math.floor((i * 256) / regions)));
  return { method: 'CreateTable', request: out.finish(), decode: procedureNumber };
}

/** Writes a table's name, and its namespace unless that is the default one. */
export function writeTableName(out: ProtoWriter, field: number, name: string): void {
  const [qualifier = '', namespace = 'default'] = name.split(':', 2).reverse();
  out.message(field, () => out.string(1, namespace).string(2, qualifier));
}

/** The first field of the reply to every call that starts a procedure. */
export function procedureNumber(reply: Buffer): number {
  for (const reader = new ProtoReader(reply); reader.next(); ) if (reader.field === 1) return reader.uint();
  throw new RangeError('no procedure');
}

function writeAttribute(out: ProtoWriter, key: string, value: string): void {
  out.message(2, () => out.string(1, key).string(2, value));
}

const FINISHED = 2;

export interface ProcedureState {
  finished: boolean;
  /** Why the procedure failed: class and message. */
  failure?: { className: string; message: string };
}

export function procedureState(procedure: number): RpcCall<ProcedureState> {
  return {
    method: 'getProcedureResult',
    request: new ProtoWriter().uint(1, procedure).finish(),
    decode(reply) {
      const state: ProcedureState = { finished: false };
      for (const reader = new ProtoReader(reply); reader.next(); ) {
        if (reader.field === 1) state.finished = reader.uint() === FINISHED;
        else if (reader.field === 5) state.failure = readFailure(reader.message());
      }
      return state;
    },
  };
}

function readFailure(reader: ProtoReader): { className: string; message: string } {
  const failure = { className: '', message: '' };
  while (reader.next()) {
    if (reader.field !== 2) continue;
    for (const generic = reader.message(); generic.next(); ) {
      if (generic.field === 1) failure.className = generic.string();
      else if (generic.field === 2) failure.message = generic.string();
    }
  }
  return failure;
}

const ASK_VERSION = 0;

/** HBase's version, as text. */
export function clusterVersion(): RpcCall<string> {
  return {
    method: 'GetClusterStatus',
    request: new ProtoWriter().uint(1, ASK_VERSION).finish(),
    decode(reply) {
      for (const reader = new ProtoReader(reply); reader.next(); ) {
        if (reader.field !== 1) continue;
        for (const status = reader.message(); status.next(); ) {
          if (status.field !== 1) continue;
          for (const version = status.message(); version.next(); ) if (version.field === 1) return version.string();
        }
      }
      return '';
    },
  };
}

/** Asks for the names of no tables: the master answers once it has loaded its list of tables. */
export function tableList(): RpcCall<null> {
  return {
    method: 'GetTableNames',
    request: new ProtoWriter().string(1, 'no-such-table').finish(),
    decode: () => null,
  };
}
