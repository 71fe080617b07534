import { randomBytes } from 'node:crypto';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import type { Role } from '@chasqui/engines';
import { type CommonConfig, createMetrics, type Runtime, systemClock, systemRandom } from '@chasqui/kit';
import { openTelemetry } from '@chasqui/otel';
import type { AppOptions } from './app-options.ts';

/**
 * Makes the runtime that the parts of an app share. `app` is its name in metrics and traces; a restarted process gets
 * another node id.
 */
export async function openRuntime(
  stack: AsyncDisposableStack,
  app: string,
  { config, logger, limits = DEFAULT_LIMITS, processMetrics = false }: Omit<AppOptions<CommonConfig, Role>, 'engines'>,
): Promise<Runtime> {
  const nodeId = `${app}-${randomBytes(6).toString('hex')}`;
  const metrics = createMetrics({ app, processMetrics });
  const telemetry = await openTelemetry({ config: config.telemetry, app, nodeId, metrics, logger });
  const { tracing } = stack.use(telemetry);
  return { nodeId, clock: systemClock, random: systemRandom, limits, logger, metrics, tracing };
}
