import type { Clock } from '@chasqui/domain';
import { ConfigReader, silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { hbase } from '../../../../../deploy/engines/hbase.ts';
import { type HbaseOptions, type openHbaseEngines, readHbaseConfig } from '../index.ts';

/** Options for this machine's engine, which `npm run engines:up` starts; the tests have their own tables. */
export function realOptions(prefix: string, given: Record<string, string> = {}): HbaseOptions {
  const env = {
    ...hbase.settings,
    CHASQUI_HBASE_TABLE_PREFIX: `test_${prefix}_`,
    CHASQUI_HBASE_REGIONS: '3',
    ...given,
  };
  return {
    config: readHbaseConfig(new ConfigReader(env)),
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
  };
}

export type RealEngines = Awaited<ReturnType<typeof openHbaseEngines>>;

/** Removes every message. Much faster than making new tables. */
export async function empty({ messages }: RealEngines): Promise<void> {
  for (;;) {
    const page = await messages.scan(null, 500);
    if (page.messages.length === 0) return;
    await messages.remove(page.messages);
  }
}

/** Resolves once the condition holds; fails after `withinMs`. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  const deadline = systemClock.monotonic() + withinMs;
  while (!(await condition())) {
    if (systemClock.monotonic() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(systemClock, 20);
  }
}

export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, () => resolve()));
}
