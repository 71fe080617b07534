import { ImError } from '@chasqui/domain';
import { Master } from './admin/master.ts';
import { checkTables, unusable } from './admin/readiness.ts';
import { Cluster } from './cluster/cluster.ts';
import { TableRows } from './cluster/table-rows.ts';
import { tableNames } from './messages/table-names.ts';
import type { HbaseOptions } from './open-engines.ts';
import { HbaseError } from './wire/hbase-error.ts';

/** Deadline of a step of the setup, ms: a busy cluster is slow to assign regions. */
const STEP_MS = 60_000;

/**
 * Makes the missing tables; existing ones stay unchanged. Safe to run concurrently. Errors: `config_invalid` if HBase
 * is too old or refuses, `engine_unavailable` if it does not answer in time.
 */
export async function setupHbase({ config, clock, random, logger }: HbaseOptions): Promise<void> {
  using cluster = new Cluster({ ...config, clock, random, deadlineMs: STEP_MS });
  const master = new Master(cluster);
  const tables = tableNames(config.tablePrefix);
  try {
    expectVersion(await master.version());
    for (const name of Object.values(tables) as string[]) {
      const outcome = await master.createTable({ ...config, name });
      logger.info({ table: name, outcome }, 'HBase: table');
    }
    const served = () => untilServed(() => checkTables(new TableRows(cluster), tables));
    await cluster.attempts.run(cluster.attempts.deadline(), served);
  } catch (error) {
    throw error instanceof ImError ? error : unusable(error, config);
  }
}

/** Older versions speak part of the same protocol, but would ignore the conditions of mutations. */
function expectVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major > 2 || (major === 2 && minor >= 4)) return;
  throw new ImError('config_invalid', `HBase 2.4 or later is required; this is version "${version}"`);
}

/** A table that another process is making may not be listed yet. */
async function untilServed(check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (thrown) {
    const { reason, message } = HbaseError.from(thrown);
    throw reason === 'TableMissing' ? new HbaseError('busy', reason, message, thrown) : thrown;
  }
}
