import { systemClock, systemRandom } from '@chasqui/kit';
import { tableList } from './admin/table-calls.ts';
import { Cluster } from './cluster/cluster.ts';
import type { HbaseConfig } from './config.ts';

/** Timeout of the answer, ms. */
const ANSWER_WITHIN_MS = 3_000;

/** Whether HBase's master has finished its start, which requires serving region servers. Never throws. */
export async function isHbaseReady(config: HbaseConfig): Promise<boolean> {
  const clock = systemClock;
  using cluster = new Cluster({ ...config, clock, random: systemRandom, deadlineMs: ANSWER_WITHIN_MS });
  try {
    await cluster.callMaster(tableList(), clock.monotonic() + ANSWER_WITHIN_MS);
    return true;
  } catch {
    return false;
  }
}
