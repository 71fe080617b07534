import type { Clock } from '@chasqui/domain';
import { HbaseError } from '../wire/hbase-error.ts';
import { ProtoReader } from '../wire/proto-reader.ts';
import { type ScanReply, scan } from '../wire/row-calls.ts';
import type { Row } from '../wire/rows.ts';
import type { RpcCall } from '../wire/rpc-connection.ts';
import { holds, type Region } from './region.ts';

/** The meta table lists all regions and is a single region. Its rows are `<table>,<start key>,<number>.<hash>.`. */
const META_REGION = Buffer.from('hbase:meta,,1');
/** Sorts above every region's number. */
const LAST = ',99999999999999';
const PROTOBUF_MARK = 4;

/** Asks for the region that begins at `row` or, if none does, for the closest one before. */
export function regionLookup(table: string, row: Buffer): RpcCall<ScanReply> {
  const from = Buffer.concat([Buffer.from(`${table},`), row, Buffer.from(LAST)]);
  return scan(META_REGION, { from, to: Buffer.from(`${table},,`), limit: 1, family: 'info', reversed: true });
}

/** A region; `closed` says why no server serves it now. */
export type LookedUp = Region & { closed?: string };

/** Errors: `HbaseError` (refused) if the table does not exist. */
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
    // A copy: a cached view would keep the whole reply in memory.
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

/** How long a closed region is not looked up again, ms: all calls that need the region share the answer. */
const HELD_MS = 100;

/** Regions that a recent lookup found without a server: being moved or split. */
export class ClosedRegions {
  readonly #clock: Clock;
  /** Ordered by expiry. */
  #closed: { region: LookedUp; until: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Errors: `HbaseError` (moved) if the row is in one of them. */
  expectNot(table: string, row: Buffer): void {
    const now = this.#clock.monotonic();
    if (this.#closed.length === 0) return;
    this.#closed = this.#closed.filter(({ until }) => until > now);
    const found = this.#closed.find(({ region }) => region.table === table && holds(region, row));
    if (found !== undefined) throw notOpen(found.region);
  }

  /** Errors: `HbaseError` (moved), always. */
  add(region: LookedUp): never {
    this.#closed.push({ region, until: this.#clock.monotonic() + HELD_MS });
    throw notOpen(region);
  }
}

function notOpen({ table, closed }: LookedUp): HbaseError {
  return new HbaseError('moved', 'RegionNotOpen', `a region of ${table} is ${closed ?? 'away'}`);
}
