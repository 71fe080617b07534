import { HbaseError } from '../wire/hbase-error.ts';
import type { RowAction } from '../wire/row-actions.ts';
import { type CheckedMutation, multi, multiChecked, scan } from '../wire/row-calls.ts';
import type { Row } from '../wire/rows.ts';
import type { RpcCall } from '../wire/rpc-connection.ts';
import type { Cluster } from './cluster.ts';
import type { Region } from './region.ts';

/** One row of one table, and what is to be done with it. */
export interface TableAction {
  table: string;
  action: RowAction;
}

/** One row of one table, and what is to be done with it if a condition holds. */
export interface CheckedAction extends CheckedMutation {
  table: string;
}

/** Actions in one call to a server: what it does in some ms. */
const MAX_ACTIONS = 200;
/** Of checked ones fewer: a server does one after the other, and waits for its log each time. */
const MAX_CHECKED = 10;
/** Bytes of rows in one answer; a page that needs more takes several. */
const MAX_SCAN_BYTES = 2 * 1024 * 1024;

interface Placed<A> {
  table: string;
  row: Buffer;
  action: A;
}

/** Positions in a batch that go to the same region. */
interface Share {
  region: Region;
  positions: number[];
}

/** The call that does what it is given, on regions of one server. */
type MakeCall<A, R> = (regions: { region: Buffer; actions: A[] }[]) => RpcCall<(R | HbaseError)[][]>;

/**
 * Rows, wherever their regions are, for one operation. Until its deadline it tries again what may succeed then; what it
 * does it may therefore do twice. Errors: `HbaseError`.
 */
export class TableRows {
  readonly #cluster: Cluster;
  /** Monotonic ms. */
  readonly #deadline: number;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#deadline = cluster.attempts.deadline();
  }

  /**
   * All the actions, in no order, in one call for each server; what fails is tried again by itself. Of each get its row,
   * else null, in the order of the actions. It succeeds only as a whole; what it has done by a failure stays done.
   */
  batch(actions: readonly TableAction[]): Promise<(Row | null)[]> {
    const placed = actions.map(({ table, action }) => ({ table, row: action.row, action }));
    return this.#all<RowAction, Row | null>(placed, MAX_ACTIONS, multi);
  }

  /**
   * Checks and mutates each, in no order. Of each, whether its condition held and the mutation happened; after a lost
   * answer, whether it did at the last try. It succeeds only as a whole, like `batch`.
   */
  checkAndMutate(actions: readonly CheckedAction[]): Promise<boolean[]> {
    const placed = actions.map((action) => ({ table: action.table, row: action.mutation.row, action }));
    return this.#all<CheckedMutation, boolean>(placed, MAX_CHECKED, multiChecked);
  }

  /** Rows from `from` up to, not including, `to` (empty: the end), at most `limit`, in their order. */
  async scan(table: string, from: Buffer, to: Buffer, limit: number): Promise<Row[]> {
    const rows: Row[] = [];
    for (let start: Buffer | null = from; start !== null && rows.length < limit; ) {
      const step: Step = await this.#scanStep(table, start, to, limit - rows.length);
      rows.push(...step.rows);
      start = step.next;
    }
    return rows;
  }

  /** What one call gives, from one region. */
  #scanStep(table: string, from: Buffer, to: Buffer, limit: number): Promise<Step> {
    return this.#try(async () => {
      const region = await this.#cluster.regionOf(table, from, this.#deadline);
      const call = scan(region.name, { from, to, limit, maxBytes: MAX_SCAN_BYTES });
      const { rows, more } = await this.#cluster.callRegions([region], call, this.#deadline);
      const last = rows.at(-1);
      if (more && last !== undefined) return { rows, next: Buffer.concat([last.key, Buffer.of(0)]) };
      const { endKey } = region;
      const atEnd = endKey.length === 0 || (to.length > 0 && to.compare(endKey) <= 0);
      return { rows, next: atEnd ? null : endKey };
    });
  }

  #try<T>(once: () => Promise<T>): Promise<T> {
    return this.#cluster.attempts.run(this.#deadline, once);
  }

  async #all<A, R>(placed: readonly Placed<A>[], maxInCall: number, makeCall: MakeCall<A, R>): Promise<R[]> {
    const results = new Array<R>(placed.length);
    let left = [...placed.keys()];
    await this.#try(async () => {
      const failures: HbaseError[] = [];
      const again: number[] = [];
      const fail: Fail = (positions, thrown) => {
        again.push(...positions);
        failures.push(HbaseError.from(thrown));
      };
      const shares = await this.#shares(placed, left, fail);
      await Promise.all(callsOf(shares, maxInCall).map((call) => this.#callAll(placed, call, makeCall, results, fail)));
      left = again;
      const worst = failures.find(({ kind }) => kind === 'refused') ?? failures[0];
      if (worst !== undefined) throw worst;
    });
    return results;
  }

  async #shares(placed: readonly Placed<unknown>[], positions: readonly number[], fail: Fail): Promise<Share[]> {
    const shares = new Map<Region, Share>();
    await Promise.all(
      positions.map(async (position) => {
        const { table, row } = placed[position] as Placed<unknown>;
        try {
          const region = await this.#cluster.regionOf(table, row, this.#deadline);
          const share = shares.get(region);
          if (share === undefined) shares.set(region, { region, positions: [position] });
          else share.positions.push(position);
        } catch (error) {
          fail([position], error);
        }
      }),
    );
    return [...shares.values()];
  }

  async #callAll<A, R>(
    placed: readonly Placed<A>[],
    shares: readonly Share[],
    makeCall: MakeCall<A, R>,
    results: R[],
    fail: Fail,
  ): Promise<void> {
    const call = makeCall(
      shares.map(({ region, positions }) => ({
        region: region.name,
        actions: positions.map((position) => (placed[position] as Placed<A>).action),
      })),
    );
    try {
      const regions = shares.map(({ region }) => region);
      const replies = await this.#cluster.callRegions(regions, call, this.#deadline);
      for (const [i, { region, positions }] of shares.entries()) {
        for (const [j, position] of positions.entries()) {
          const result = replies[i]?.[j] as R | HbaseError;
          if (!(result instanceof HbaseError)) results[position] = result;
          else {
            this.#cluster.noteFailure(region, result);
            fail([position], result);
          }
        }
      }
    } catch (error) {
      for (const { positions } of shares) fail(positions, error);
    }
  }
}

type Fail = (positions: readonly number[], error: unknown) => void;

interface Step {
  rows: Row[];
  /** Where the rest begins; null: there is none. */
  next: Buffer | null;
}

/** The shares of each server, in calls of at most so many actions. */
function callsOf(shares: readonly Share[], maxInCall: number): Share[][] {
  const byServer = new Map<string, { calls: Share[][]; room: number }>();
  for (const { region, positions } of shares) {
    const server = byServer.get(region.server) ?? { calls: [], room: 0 };
    byServer.set(region.server, server);
    for (let at = 0; at < positions.length; ) {
      if (server.room === 0) {
        server.calls.push([]);
        server.room = maxInCall;
      }
      const taken = positions.slice(at, at + server.room);
      server.calls.at(-1)?.push({ region, positions: taken });
      server.room -= taken.length;
      at += taken.length;
    }
  }
  return [...byServer.values()].flatMap(({ calls: all }) => all);
}
