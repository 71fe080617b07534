import type { Clock, Random } from '@chasqui/domain';
import { HbaseError } from '../wire/hbase-error.ts';
import type { RpcCall } from '../wire/rpc-connection.ts';
import { Addresses, type AddressesOptions } from './addresses.ts';
import { Attempts } from './attempts.ts';
import { Connections } from './connections.ts';
import { Gate } from './gate.ts';
import { holds, type Region, RegionCache } from './region.ts';
import { ClosedRegions, lookedUp, regionLookup } from './region-table.ts';
import type { HostAndPort } from './zookeeper.ts';

export interface ClusterOptions extends Pick<AddressesOptions, 'zookeeper' | 'znode'> {
  clock: Clock;
  random: Random;
  user: string;
  /** Deadline of one operation, including all attempts, ms. */
  deadlineMs: number;
  /** Timeout of one call, ms. */
  callTimeoutMs: number;
  /** Timeout of a connection to a server, ms. */
  connectTimeoutMs: number;
  /** Maximum calls in flight. */
  maxInFlight: number;
  /** Maximum calls that wait to be sent. */
  maxWaiting: number;
}

/** Timeout of one call to the master, ms: some answers come only when the work is done. */
const MASTER_CALL_MS = 15_000;
/** Maximum region lookups in parallel: after a restart every client asks the one server of the meta table. */
const MAX_LOOKUPS = 16;

/** HBase as its clients see it: finds the server of a row, and finds it again after the row has moved. */
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
      // An earlier lookup in the gate may have found the region, or found it closed.
      this.#lookups.pass(deadline, async () => {
        this.#closed.expectNot(table, row);
        return this.#regions.find(table, row) ?? this.#lookUp(table, row, deadline);
      })
    );
  }

  /**
   * Makes a call about regions of one server. A failure updates what is known of where they are. Errors: `HbaseError`.
   */
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

  /** A region that failed is looked up again, unless its server is only busy. */
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
      // After a split, no region may hold the row until the daughter regions open.
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

  /** Waits until the deadline for work that is shared with other callers and may take longer. */
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
