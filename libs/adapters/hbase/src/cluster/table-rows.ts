import { HbaseError } from '../wire/hbase-error.ts';
import type { RowAction } from '../wire/row-actions.ts';
import { type CheckedMutation, multi, multiChecked, scan } from '../wire/row-calls.ts';
import type { Row } from '../wire/rows.ts';
import type { RpcCall } from '../wire/rpc-connection.ts';
import type { Cluster } from './cluster.ts';
import type { Region } from './region.ts';

/** An action on one row of one table. */
export interface TableAction {
  table: string;
  action: RowAction;
}

/** A conditional action on one row of one table. */
export interface CheckedAction extends CheckedMutation {
  table: string;
}

/** Maximum actions in one call: a server handles these within a few ms. */
const MAX_ACTIONS = 200;
/** Fewer for checked actions: a server runs them one after another, and waits for its log each time. */
const MAX_CHECKED = 10;
/** Bytes of rows in one answer; a larger page takes several calls. */
const MAX_SCAN_BYTES = 2 * 1024 * 1024;

interface Placed<A> {
  table: string;
  row: Buffer;
  action: A;
}

/** Indexes of a batch's actions on the same region. */
interface Share {
  region: Region;
  positions: number[];
}

/** Makes the call that runs actions on regions of one server. */
type MakeCall<A, R> = (regions: { region: Buffer; actions: A[] }[]) => RpcCall<(R | HbaseError)[][]>;

/**
 * Rows in any region, for one operation. Transient failures are retried until the deadline, so an action may run twice.
 * Errors: `HbaseError`.
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
   * Runs all actions, unordered, in one call per server; failed ones are retried individually. Returns, in the order of
   * the actions, the row of each get, else null. Fails as a whole if any action fails; actions that succeeded stay
   * applied.
   */
  batch(actions: readonly TableAction[]): Promise<(Row | null)[]> {
    const placed = actions.map(({ table, action }) => ({ table, row: action.row, action }));
    return this.#all<RowAction, Row | null>(placed, MAX_ACTIONS, multi);
  }

  /**
   * Checks and mutates each row, unordered. Returns for each whether its condition held and the mutation was applied;
   * after a lost answer, the result of the last attempt. Fails as a whole, like `batch`.
   */
  checkAndMutate(actions: readonly CheckedAction[]): Promise<boolean[]> {
    const placed = actions.map((action) => ({ table: action.table, row: action.mutation.row, action }));
    return this.#all<CheckedMutation, boolean>(placed, MAX_CHECKED, multiChecked);
  }

  /** Rows from `from` (inclusive) to `to` (exclusive; empty: the end), in order, at most `limit`. */
  async scan(table: string, from: Buffer, to: Buffer, limit: number): Promise<Row[]> {
    const rows: Row[] = [];
    for (let start: Buffer | null = from; start !== null && rows.length < limit; ) {
      const step: Step = await this.#scanStep(table, start, to, limit - rows.length);
      rows.push(...step.rows);
      start = step.next;
    }
    return rows;
  }

  /** The rows of one call, from one region. */
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
  /** Where the next call starts; null: at the end. */
  next: Buffer | null;
}

/** Divides each server's shares into calls of at most `maxInCall` actions. */
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
