import { defined } from '@chasqui/domain';
import { connectEmbeddedEngines } from '@chasqui/embedded';
import { type EnginesConfig, openEngines, type Role } from '@chasqui/engines';
import { assemble, type CommonConfig, findEngineNetwork, type Logger, systemClock, systemRandom } from '@chasqui/kit';
import type { AppOptions } from './open-runtime.ts';

/** How long a start waits for engines that it can do without, in ms. */
const GRACE_MS = 5_000;

interface OwnEngines<Config, R extends Role> {
  config: Config;
  logger: Logger;
  /** Only engines of these roles are opened. */
  roles: readonly R[];
}

/**
 * Runs an app in a process of its own, on the configured engines: embedded engines are reached at the socket of their
 * process, or at its address on another machine. The engines are closed after the app.
 */
export function onOwnEngines<
  Config extends CommonConfig & { engines: EnginesConfig },
  R extends Role,
  Running extends AsyncDisposable,
>(
  { config, logger, roles }: OwnEngines<Config, R>,
  start: (options: AppOptions<Config, R>) => Promise<Running>,
): Promise<Running & AsyncDisposable> {
  const parts = { clock: systemClock, random: systemRandom, logger };
  const embedded = async (mayBeAway: boolean) => {
    const network = await findEngineNetwork(config);
    const start = mayBeAway ? { mayBeAway, connectTimeoutMs: GRACE_MS } : {};
    return connectEmbeddedEngines({ path: config.engineSocket, ...defined({ network }), ...start, ...parts });
  };
  return assemble(async (stack) => {
    const engines = stack.use(await openEngines({ config: config.engines, roles, embedded, ...parts }));
    return stack.use(await start({ config, engines, logger, processMetrics: true }));
  });
}
