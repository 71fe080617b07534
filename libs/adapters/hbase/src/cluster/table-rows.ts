import { HbaseError } from '../wire/hbase-error.ts';
import type { Condition, Mutation, RowAction } from '../wire/row-actions.ts';
import { checkAndMutate, multi, scan } from '../wire/row-calls.ts';
import type { Row } from '../wire/rows.ts';
import type { Cluster } from './cluster.ts';
import type { Region } from './region.ts';

/** One row of one table, and what is to be done with it. */
export interface TableAction {
  table: string;
  action: RowAction;
}

/** Actions in one call to a server: what it does in some ms. */
const MAX_ACTIONS = 200;
/** Bytes of rows in one answer; a page that needs more takes several. */
const MAX_SCAN_BYTES = 2 * 1024 * 1024;

/** Positions in a batch that go to the same region. */
interface Share {
  region: Region;
  positions: number[];
}

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
  async batch(actions: readonly TableAction[]): Promise<(Row | null)[]> {
    const results = new Array<Row | null>(actions.length).fill(null);
    let left = [...actions.keys()];
    await this.#try(async () => {
      const failures: HbaseError[] = [];
      const again: number[] = [];
      const fail = (positions: readonly number[], thrown: unknown) => {
        again.push(...positions);
        failures.push(HbaseError.from(thrown));
      };
      const shares = await this.#shares(actions, left, fail);
      await Promise.all(calls(shares).map((call) => this.#callMulti(actions, call, results, fail)));
      left = again;
      const worst = failures.find(({ kind }) => kind === 'refused') ?? failures[0];
      if (worst !== undefined) throw worst;
    });
    return results;
  }

  /** Whether the condition held and the mutation happened; after a lost answer, whether it did at the last try. */
  checkAndMutate(table: string, condition: Condition, mutation: Mutation): Promise<boolean> {
    return this.#try(async () => {
      const region = await this.#cluster.regionOf(table, mutation.row, this.#deadline);
      return this.#cluster.callRegions([region], checkAndMutate(region.name, condition, mutation), this.#deadline);
    });
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

  async #shares(
    actions: readonly TableAction[],
    positions: readonly number[],
    fail: (positions: readonly number[], error: unknown) => void,
  ): Promise<Share[]> {
    const shares = new Map<Region, Share>();
    await Promise.all(
      positions.map(async (position) => {
        const { table, action } = actions[position] as TableAction;
        try {
          const region = await this.#cluster.regionOf(table, action.row, this.#deadline);
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

  async #callMulti(
    actions: readonly TableAction[],
    shares: readonly Share[],
    results: (Row | null)[],
    fail: (positions: readonly number[], error: unknown) => void,
  ): Promise<void> {
    const regions = shares.map(({ region, positions }) => ({
      region: region.name,
      actions: positions.map((position) => (actions[position] as TableAction).action),
    }));
    try {
      const replies = await this.#cluster.callRegions(
        shares.map(({ region }) => region),
        multi(regions),
        this.#deadline,
      );
      for (const [i, { region, positions }] of shares.entries()) {
        for (const [j, position] of positions.entries()) {
          const result = replies[i]?.[j] ?? null;
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

interface Step {
  rows: Row[];
  /** Where the rest begins; null: there is none. */
  next: Buffer | null;
}

/** The shares of each server, in calls of at most `MAX_ACTIONS`. */
function calls(shares: readonly Share[]): Share[][] {
  const byServer = new Map<string, { calls: Share[][]; room: number }>();
  for (const { region, positions } of shares) {
    const server = byServer.get(region.server) ?? { calls: [], room: 0 };
    byServer.set(region.server, server);
    for (let at = 0; at < positions.length; ) {
      if (server.room === 0) {
        server.calls.push([]);
        server.room = MAX_ACTIONS;
      }
      const taken = positions.slice(at, at + server.room);
      server.calls.at(-1)?.push({ region, positions: taken });
      server.room -= taken.length;
      at += taken.length;
    }
  }
  return [...byServer.values()].flatMap(({ calls: all }) => all);
}
