import { HbaseError } from '../wire/hbase-error.ts';
import { ProtoReader } from '../wire/proto-reader.ts';
import { type ScanReply, scan } from '../wire/row-calls.ts';
import type { Row } from '../wire/rows.ts';
import type { RpcCall } from '../wire/rpc-connection.ts';
import type { Region } from './region.ts';

/** The table of all regions is one region itself; its rows are `<table>,<start key>,<number>.<hash>.`. */
const META_REGION = Buffer.from('hbase:meta,,1');
/** Above every region's number. */
const LAST = ',99999999999999';
const PROTOBUF_MARK = 4;

/** Asks for the region that begins at `row` or, going down, next before it. */
export function regionLookup(table: string, row: Buffer): RpcCall<ScanReply> {
  const from = Buffer.concat([Buffer.from(`${table},`), row, Buffer.from(LAST)]);
  return scan(META_REGION, { from, to: Buffer.from(`${table},,`), limit: 1, family: 'info', reversed: true });
}

/** A region; `closed` says why nobody serves it just now. */
export type LookedUp = Region & { closed?: string };

/** Errors: `HbaseError` (refused) when there is no such table. */
export function lookedUp(table: string, { rows }: ScanReply): LookedUp {
  const row = rows[0];
  if (row === undefined || !row.key.subarray(0, table.length + 1).equals(Buffer.from(`${table},`))) {
    throw new HbaseError('refused', 'TableMissing', `HBase has no table ${table}`);
  }
  return regionOf(table, row);
}

function regionOf(table: string, { key, cells }: Row): LookedUp {
  const info = cells.get('regioninfo');
  if (info === undefined) throw new HbaseError('moved', 'RegionNotOpen', `a region of ${table} has no description`);
  const range = { startKey: Buffer.alloc(0), endKey: Buffer.alloc(0), offline: false };
  for (const reader = new ProtoReader(info.subarray(PROTOBUF_MARK)); reader.next(); ) {
    // Copies, as what is kept must not hold on to the whole reply.
    if (reader.field === 3) range.startKey = Buffer.from(reader.bytes());
    else if (reader.field === 4) range.endKey = Buffer.from(reader.bytes());
    else if (reader.field === 5 || reader.field === 6) range.offline ||= reader.bool();
  }
  const server = cells.get('server')?.toString() ?? '';
  const state = cells.get('state')?.toString() ?? 'OPEN';
  const region = { table, name: Buffer.from(key), startKey: range.startKey, endKey: range.endKey, server };
  if (!range.offline && server !== '' && state === 'OPEN') return region;
  return { ...region, closed: range.offline ? 'offline' : state };
}
