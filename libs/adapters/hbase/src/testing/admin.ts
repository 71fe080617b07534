import { Master } from '../admin/master.ts';
import { procedureNumber, writeTableName } from '../admin/table-calls.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { Region } from '../cluster/region.ts';
import { type HbaseOptions, setupHbase } from '../index.ts';
import { tableNames } from '../messages/table-names.ts';
import { HbaseError } from '../wire/hbase-error.ts';
import { ProtoWriter } from '../wire/proto-writer.ts';
import { writeRegion } from '../wire/row-actions.ts';
import { until } from './real.ts';

/** Operations on tables and regions that operators and tests perform. */
export function openAdmin({ config, ...parts }: HbaseOptions): Admin {
  return new Admin(new Cluster({ ...config, ...parts, deadlineMs: 60_000 }));
}

export class Admin implements Disposable {
  readonly #cluster: Cluster;
  readonly #master: Master;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#master = new Master(cluster);
  }

  regionOf(table: string, row: Buffer): Promise<Region> {
    const deadline = this.#cluster.attempts.deadline();
    return this.#cluster.attempts.run(deadline, () => this.#cluster.regionOf(table, row, deadline));
  }

  /** No server serves the region until it is assigned again. */
  async unassign({ name }: Region): Promise<void> {
    await this.#bring(name, 'UnassignRegion', 'CLOSED');
  }

  async assign({ name }: Region): Promise<void> {
    await this.#bring(name, 'AssignRegion', 'OPEN');
  }

  /** Splits a region in two at `row`. Errors: the server's, if it refuses. */
  async split({ table, name, startKey, endKey }: Region, row: Buffer): Promise<void> {
    const id = /,(\d+)\.[0-9a-f]{32}\.$/.exec(name.toString('latin1'))?.[1];
    const out = new ProtoWriter();
    out.message(1, () => {
      out.uint(1, Number(id));
      writeTableName(out, 2, table);
      out.bytes(3, startKey).bytes(4, endKey);
    });
    await this.#master.finish({ method: 'SplitRegion', request: out.bytes(2, row).finish(), decode: procedureNumber });
  }

  /** Does nothing if the table does not exist. */
  async drop(table: string): Promise<void> {
    for (const method of ['DisableTable', 'DeleteTable']) {
      const out = new ProtoWriter();
      writeTableName(out, 1, table);
      try {
        await this.#master.finish({ method, request: out.finish(), decode: procedureNumber });
      } catch (error) {
        const { reason } = HbaseError.from(error);
        if (reason !== 'TableNotFoundException' && reason !== 'TableNotEnabledException') throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    this.#cluster[Symbol.dispose]();
  }

  /**
   * Also succeeds if an attempt was carried out but its answer was lost: the retry is then refused because of the
   * region's state.
   */
  async #bring(region: Buffer, method: string, state: string): Promise<void> {
    const out = new ProtoWriter();
    writeRegion(out, 1, region);
    const call = { method, request: out.finish(), decode: () => null };
    await until(`region ${state}`, async () => {
      try {
        await this.#master.call(call);
        return true;
      } catch (error) {
        const { reason, message } = HbaseError.from(error);
        if (reason !== 'DoNotRetryRegionException') throw error;
        return message.includes(`state=${state},`);
      }
    });
  }
}

export async function dropTables(options: HbaseOptions): Promise<void> {
  using admin = openAdmin(options);
  for (const table of Object.values(tableNames(options.config.tablePrefix)) as string[]) await admin.drop(table);
}

/** Fresh, empty tables; disposing drops them. */
export async function freshTables(options: HbaseOptions): Promise<AsyncDisposable> {
  await dropTables(options);
  await setupHbase(options);
  return { [Symbol.asyncDispose]: () => dropTables(options) };
}
