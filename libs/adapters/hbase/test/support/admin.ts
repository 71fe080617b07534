import { Master } from '../../src/admin/master.ts';
import { procedureNumber, writeTableName } from '../../src/admin/table-calls.ts';
import { Cluster } from '../../src/cluster/cluster.ts';
import type { Region } from '../../src/cluster/region.ts';
import { tableNames } from '../../src/messages/tables.ts';
import type { HbaseOptions } from '../../src/open-engines.ts';
import { HbaseError } from '../../src/wire/hbase-error.ts';
import { ProtoWriter } from '../../src/wire/proto-writer.ts';
import { writeRegion } from '../../src/wire/row-actions.ts';

/** What an operator does to tables and regions, and what tests do to them. */
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

  /** Nobody serves it until it is assigned. */
  async unassign({ name }: Region): Promise<void> {
    await this.#regionCall('UnassignRegion', name);
  }

  async assign({ name }: Region): Promise<void> {
    await this.#regionCall('AssignRegion', name);
  }

  /** In two at `row`. Errors: when the server finds no reason why it could be. */
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

  /** Nothing happens if there is none. */
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

  #regionCall(method: string, region: Buffer): Promise<null> {
    const out = new ProtoWriter();
    writeRegion(out, 1, region);
    return this.#master.call({ method, request: out.finish(), decode: () => null });
  }
}

export async function dropTables(options: HbaseOptions): Promise<void> {
  using admin = openAdmin(options);
  for (const table of Object.values(tableNames(options.config.tablePrefix)) as string[]) await admin.drop(table);
}
