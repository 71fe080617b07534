import { DEFAULT_LIMITS } from '@chasqui/domain';
import { openEmbeddedEngines, serveEmbeddedEngines } from '@chasqui/embedded';
import { type CommonConfig, type Logger, loadSecrets, systemClock, systemRandom } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';

export interface RunningEngines extends AsyncDisposable {
  engines: Engines;
  /** What goes wrong though every engine answers, in words. */
  degraded(): string[];
}

/** Opens the embedded engines of a data folder and serves them to other processes of this machine. */
export async function startEngines(config: CommonConfig, logger: Logger): Promise<RunningEngines> {
  await using stack = new AsyncDisposableStack();
  await loadSecrets(config);
  const engines = stack.use(
    await openEmbeddedEngines({
      dataDir: config.dataDir,
      clock: systemClock,
      random: systemRandom,
      logger,
      dedupWindowMs: DEFAULT_LIMITS.dedupWindowMs,
    }),
  );
  stack.use(await serveEmbeddedEngines(engines, { path: config.engineSocket, logger, clock: systemClock }));
  const owned = stack.move();
  return { engines, degraded: () => engines.degraded(), [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
