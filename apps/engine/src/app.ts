import { DEFAULT_LIMITS } from '@chasqui/domain';
import { openEmbeddedEngines, serveEmbeddedEngines, serveEngineNetwork } from '@chasqui/embedded';
import { assemble, type Logger, loadSecrets, peerCredentials, systemClock, systemRandom } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import type { EngineConfig } from './config.ts';

export interface RunningEngines extends AsyncDisposable {
  engines: Engines;
  /** Descriptions of faults that occur although every engine answers. */
  degraded(): string[];
}

/**
 * Opens the embedded engines of a data folder, whose files are upgraded to this version first, and serves them to other
 * processes of this machine and, if an address is configured, of others.
 */
export async function startEngines(config: EngineConfig, logger: Logger): Promise<RunningEngines> {
  const { dataDir, engineSocket, listen } = config;
  const parts = { clock: systemClock, random: systemRandom, logger };
  const secrets = await loadSecrets(config);
  return assemble(async (stack) => {
    const { dedupWindowMs } = DEFAULT_LIMITS;
    const engines = stack.use(await openEmbeddedEngines({ dataDir, dedupWindowMs, upgrade: true, ...parts }));
    stack.use(await serveEmbeddedEngines(engines, { path: engineSocket, ...parts }));
    if (listen !== undefined) {
      stack.use(await serveEngineNetwork(engines, { ...listen, ...peerCredentials(secrets), ...parts }));
    }
    return { engines, degraded: () => engines.degraded() };
  });
}
