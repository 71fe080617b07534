import { DEFAULT_LIMITS } from '@chasqui/domain';
import { openEmbeddedEngines, serveEmbeddedEngines } from '@chasqui/embedded';
import { assemble, type CommonConfig, type Logger, loadSecrets, systemClock, systemRandom } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';

export interface RunningEngines extends AsyncDisposable {
  engines: Engines;
  /** Descriptions of faults that occur although every engine answers. */
  degraded(): string[];
}

/**
 * Opens the embedded engines of a data folder, whose files are upgraded to this version first, and serves them to other
 * processes of this machine.
 */
export async function startEngines(config: CommonConfig, logger: Logger): Promise<RunningEngines> {
  const { dataDir, engineSocket } = config;
  const parts = { clock: systemClock, random: systemRandom, logger };
  await loadSecrets(config);
  return assemble(async (stack) => {
    const { dedupWindowMs } = DEFAULT_LIMITS;
    const engines = stack.use(await openEmbeddedEngines({ dataDir, dedupWindowMs, upgrade: true, ...parts }));
    stack.use(await serveEmbeddedEngines(engines, { path: engineSocket, ...parts }));
    return { engines, degraded: () => engines.degraded() };
  });
}
