import type { Clock, Random } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import { checkTables, unusable } from './admin/readiness.ts';
import { Cluster } from './cluster/cluster.ts';
import { TableRows } from './cluster/table-rows.ts';
import type { HbaseConfig } from './config.ts';
import { createHbaseMessages } from './messages/message-store.ts';
import { tableNames } from './messages/table-names.ts';
import { HbaseError } from './wire/hbase-error.ts';

export interface HbaseOptions {
  config: HbaseConfig;
  clock: Clock;
  random: Random;
  logger: Logger;
}

/** How long to wait for an engine that is away at the start, ms. */
const START_WITHIN_MS = 30_000;

/**
 * Messages in HBase. Its tables must exist (`setupHbase`). Once open, it tolerates any outage of HBase. Errors:
 * `config_invalid` if tables or rights are missing, `engine_unavailable` if HBase does not answer within 30 s.
 */
export async function openHbaseEngines({
  config,
  clock,
  random,
  logger,
}: HbaseOptions): Promise<Pick<Engines, 'messages' | 'locator'> & AsyncDisposable> {
  const cluster = new Cluster({ ...config, clock, random });
  try {
    const tables = tableNames(config.tablePrefix);
    await untilReady(() => checkTables(new TableRows(cluster), tables), { clock, logger, config });
    const store = createHbaseMessages({ cluster, tables, clock, random });
    return {
      messages: store,
      locator: store,
      async [Symbol.asyncDispose]() {
        cluster[Symbol.dispose]();
      },
    };
  } catch (error) {
    cluster[Symbol.dispose]();
    throw unusable(error, config);
  }
}

/** Each attempt may take as long as an operation. */
async function untilReady(check: () => Promise<void>, { clock, logger, config }: Omit<HbaseOptions, 'random'>) {
  const deadline = clock.monotonic() + START_WITHIN_MS;
  for (;;) {
    try {
      return await check();
    } catch (thrown) {
      const { kind, message } = HbaseError.from(thrown);
      if (kind === 'refused' || clock.monotonic() >= deadline) throw thrown;
      logger.warn({ zookeeper: config.zookeeper, reason: message }, 'waiting for HBase');
    }
  }
}
