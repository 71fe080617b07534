import type { Clock, Random } from '@chasqui/domain';
import { HbaseError } from '../wire/hbase-error.ts';
import type { RpcCall } from '../wire/rpc-connection.ts';
import { Addresses, type AddressesOptions } from './addresses.ts';
import { Attempts } from './attempts.ts';
import { ClosedRegions } from './closed-regions.ts';
import { Connections } from './connections.ts';
import { Gate } from './gate.ts';
import { holds, type Region, RegionCache } from './region.ts';
import { lookedUp, regionLookup } from './region-table.ts';
import type { HostAndPort } from './zookeeper.ts';

export interface ClusterOptions extends Pick<AddressesOptions, 'zookeeper' | 'znode'> {
  clock: Clock;
  random: Random;
  user: string;
  /** For one operation with all its attempts, ms. */
  deadlineMs: number;
  /** For one call to be answered, ms. */
  callTimeoutMs: number;
  /** For a connection to a server, ms. */
  connectTimeoutMs: number;
  /** Calls on their way at a time. */
  maxInFlight: number;
  /** Calls that wait until there is room among those. */
  maxWaiting: number;
}

/** For the master to answer one call, ms: some of its answers come only when the work is done. */
const MASTER_CALL_MS = 15_000;
/** Lookups of regions at a time: after a restart everybody asks the one server that has the table of regions. */
const MAX_LOOKUPS = 16;

/** HBase as seen by a client: finds who serves a row, and finds it again after the row has moved. */
export class Cluster implements Disposable {
  readonly attempts: Attempts;
  readonly #options: ClusterOptions;
  readonly #addresses: Addresses;
  readonly #regions = new RegionCache();
  readonly #closed: ClosedRegions;
  readonly #regionServers: Connections;
  readonly #masters: Connections;
  readonly #calls: Gate;
  readonly #lookups: Gate;

  constructor(options: ClusterOptions) {
    const { clock, maxInFlight, maxWaiting, connectTimeoutMs } = options;
    this.#options = options;
    this.attempts = new Attempts(options);
    this.#closed = new ClosedRegions(clock);
    this.#addresses = new Addresses({ ...options, timeoutMs: connectTimeoutMs });
    this.#regionServers = new Connections({
      ...options,
      service: 'ClientService',
      onLost: (server) => this.#regions.forgetServer(server),
    });
    this.#masters = new Connections({
      ...options,
      service: 'MasterService',
      onLost: () => this.#addresses.forget(),
    });
    this.#calls = new Gate({ clock, limit: maxInFlight, maxWaiting });
    this.#lookups = new Gate({ clock, limit: MAX_LOOKUPS, maxWaiting });
  }

  /** The region of a row. Errors: `HbaseError`. */
  async regionOf(table: string, row: Buffer, deadline: number): Promise<Region> {
    return (
      this.#regions.find(table, row) ??
      // Whoever was before us in the gate may have found it, or that it is away.
      this.#lookups.pass(deadline, async () => {
        this.#closed.expectNot(table, row);
        return this.#regions.find(table, row) ?? this.#lookUp(table, row, deadline);
      })
    );
  }

  /** A call about regions that one server has. What the failure says of where they are is noted. Errors: `HbaseError`. */
  async callRegions<Reply>(regions: readonly Region[], call: RpcCall<Reply>, deadline: number): Promise<Reply> {
    const server = regions[0]?.server ?? '';
    try {
      return await this.#calls.pass(deadline, () =>
        this.#call(this.#regionServers, server, call, deadline, this.#options.callTimeoutMs),
      );
    } catch (error) {
      for (const region of regions) this.noteFailure(region, HbaseError.from(error));
      throw error;
    }
  }

  /** Unless it is only busy, a region that failed is looked up again. */
  noteFailure(region: Region, { kind }: HbaseError): void {
    if (kind === 'moved' || kind === 'lost') this.#regions.forget(region);
  }

  /** Errors: `HbaseError`. */
  async callMaster<Reply>(call: RpcCall<Reply>, deadline: number): Promise<Reply> {
    try {
      const server = nameOf(await this.#inTime(this.#addresses.master(), deadline));
      return await this.#call(this.#masters, server, call, deadline, MASTER_CALL_MS);
    } catch (error) {
      if (HbaseError.from(error).kind !== 'refused') this.#addresses.forget();
      throw error;
    }
  }

  async #lookUp(table: string, row: Buffer, deadline: number): Promise<Region> {
    const { callTimeoutMs } = this.#options;
    try {
      const server = nameOf(await this.#inTime(this.#addresses.meta(), deadline));
      const reply = await this.#call(this.#regionServers, server, regionLookup(table, row), deadline, callTimeoutMs);
      const region = lookedUp(table, reply);
      if (region.closed !== undefined) this.#closed.add(region);
      // Between a split and the daughters' opening there may be none that holds the row.
      if (!holds(region, row)) throw new HbaseError('moved', 'RegionNotOpen', `no region of ${table} holds the row`);
      this.#regions.add(region);
      return region;
    } catch (error) {
      const { kind, reason } = HbaseError.from(error);
      if (kind !== 'refused' && reason !== 'RegionNotOpen') this.#addresses.forget();
      throw error;
    }
  }

  async #call<Reply>(
    connections: Connections,
    server: string,
    call: RpcCall<Reply>,
    deadline: number,
    timeoutMs: number,
  ): Promise<Reply> {
    const connection = connections.ready(server) ?? (await this.#inTime(connections.get(server), deadline));
    const left = Math.ceil(deadline - this.#options.clock.monotonic());
    if (left <= 0) throw new HbaseError('busy', 'TooLate', `no time left for ${call.method}`);
    return connection.call(call, Math.min(timeoutMs, left));
  }

  /** What others wait for too, and longer than we may. */
  async #inTime<T>(shared: Promise<T>, deadline: number): Promise<T> {
    const { clock } = this.#options;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = clock.after(Math.max(0, deadline - clock.monotonic()), () =>
      reject(new HbaseError('lost', 'TooLate', 'no connection in time')),
    );
    try {
      return await Promise.race([shared, late]);
    } finally {
      timer.cancel();
    }
  }

  [Symbol.dispose](): void {
    this.attempts[Symbol.dispose]();
    this.#regionServers[Symbol.dispose]();
    this.#masters[Symbol.dispose]();
  }
}

function nameOf({ host, port }: HostAndPort): string {
  return `${host}:${port}`;
}
