import { randomBytes } from 'node:crypto';
import { DEFAULT_LIMITS, defined, type Limits } from '@chasqui/domain';
import type { EnginesOf, Role } from '@chasqui/engines';
import { type CommonConfig, createMetrics, type Logger, type Runtime, systemClock, systemRandom } from '@chasqui/kit';
import { openTelemetry } from '@chasqui/otel';

/**
 * Makes the runtime that the parts of an app share. `app` is its name in metrics and traces; a restarted process gets
 * another node id.
 */
export async function openRuntime(
  stack: AsyncDisposableStack,
  app: string,
  {
    config,
    logger,
    limits = DEFAULT_LIMITS,
    processMetrics = false,
    instance,
  }: Omit<AppOptions<CommonConfig, Role>, 'engines'>,
): Promise<Runtime> {
  const nodeId = `${app}-${randomBytes(6).toString('hex')}`;
  const metrics = createMetrics({ app, processMetrics, ...defined({ instance }) });
  const telemetry = await openTelemetry({ config: config.telemetry, app, nodeId, metrics, logger });
  const { tracing } = stack.use(telemetry);
  return { nodeId, clock: systemClock, random: systemRandom, limits, logger, metrics, tracing };
}

/** The options of every app, alone in its process or together with others. `R`: the roles whose engines it uses. */
export interface AppOptions<Config, R extends Role> {
  config: Config;
  /** Owned by the caller: they outlive the app. */
  engines: EnginesOf<R>;
  logger: Logger;
  /** Default: `DEFAULT_LIMITS`. */
  limits?: Limits;
  /** True if the process runs only this app: its metrics then include those of the process. */
  processMetrics?: boolean;
  /** Tells apps of one kind in one process apart in the metrics. */
  instance?: string;
}
