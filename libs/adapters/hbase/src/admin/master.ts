import type { Cluster } from '../cluster/cluster.ts';
import { HbaseError, serverError } from '../wire/hbase-error.ts';
import type { RpcCall } from '../wire/rpc-connection.ts';
import { clusterVersion, createTable, type NewTable, procedureState } from './table-calls.ts';

/** Manages tables. Errors: `HbaseError`. */
export class Master {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  version(): Promise<string> {
    return this.call(clusterVersion());
  }

  /** Makes a table unless one of that name exists, and waits until it is made. */
  async createTable(table: NewTable): Promise<'made' | 'there'> {
    try {
      await this.finish(createTable(table));
      return 'made';
    } catch (error) {
      // Also the case if our own first attempt succeeded but its answer was lost.
      if (HbaseError.from(error).reason === 'TableExistsException') return 'there';
      throw error;
    }
  }

  call<Reply>(call: RpcCall<Reply>): Promise<Reply> {
    const deadline = this.#cluster.attempts.deadline();
    return this.#cluster.attempts.run(deadline, () => this.#cluster.callMaster(call, deadline));
  }

  /** Makes a call that starts a procedure, and waits until the procedure ends. */
  async finish(call: RpcCall<number>): Promise<void> {
    const procedure = await this.call(call);
    const deadline = this.#cluster.attempts.deadline();
    await this.#cluster.attempts.run(deadline, async () => {
      const { finished, failure } = await this.#cluster.callMaster(procedureState(procedure), deadline);
      if (failure !== undefined) throw serverError(failure.className, failure.message, true);
      if (!finished) throw new HbaseError('busy', 'Unfinished', `${call.method} is not done`);
    });
  }
}
