import { randomBytes } from 'node:crypto';
import { connectEmbeddedEngines } from '@chasqui/embedded';
import { type EnginesOf, openEngines } from '@chasqui/engines';
import { createMetrics, createStatusServer, type Logger, systemClock, systemRandom } from '@chasqui/kit';
import { openTelemetry } from '@chasqui/otel';
import { notReadyEngines } from '@chasqui/ports';
import type { DataSyncConfig } from './config.ts';
import { DataSync } from './datasync.ts';
import { IndexKeeper } from './index-keeper.ts';

/** What the app uses of the engines. */
const ROLES = ['bus', 'messages', 'search'] as const;

export interface RunningDataSync extends AsyncDisposable {
  statusPort: number;
  /** Shards of the bus that have work here and do not move, in words. */
  stalled(): string[];
}

export interface StartDataSyncOptions {
  config: DataSyncConfig;
  engines: EnginesOf<(typeof ROLES)[number]>;
  logger: Logger;
  /** True where this app is the whole process. */
  processMetrics?: boolean;
}

/** One DataSync consumer on the engines given. */
export async function startDataSync(options: StartDataSyncOptions): Promise<RunningDataSync> {
  const { config, engines, logger, processMetrics = false } = options;
  const { bus, messages, search } = engines;
  const metrics = createMetrics({ app: 'datasync', processMetrics });
  await using stack = new AsyncDisposableStack();
  const nodeId = `datasync-${randomBytes(6).toString('hex')}`;
  const { tracing } = stack.use(
    await openTelemetry({ config: config.telemetry, app: 'datasync', nodeId, metrics, logger }),
  );
  const stalled = () => dataSync.stalled();
  metrics.gauge('stalled_shards', 'Shards of the bus that have work here and do not move', () => stalled().length);
  const status = stack.use(
    await createStatusServer({
      host: config.host,
      port: config.statusPort,
      metrics,
      degraded: stalled,
      notReady: () => notReadyEngines({ bus, messages, search }),
    }),
  );
  const parts = { clock: systemClock, random: systemRandom, logger, metrics, tracing };
  const dataSync = stack.use(new DataSync({ bus, messages, search, ...parts }));
  stack.use(new IndexKeeper({ messages, search, ...parts }));
  const owned = stack.move();
  return { statusPort: status.port, stalled, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** A DataSync consumer as a process of its own, on the engines that its configuration names. */
export async function dataSyncApp(config: DataSyncConfig, logger: Logger): Promise<RunningDataSync> {
  await using stack = new AsyncDisposableStack();
  const parts = { clock: systemClock, random: systemRandom, logger };
  const engines = stack.use(
    await openEngines({
      config: config.engines,
      roles: ROLES,
      embedded: () => connectEmbeddedEngines({ path: config.engineSocket, ...parts }),
      ...parts,
    }),
  );
  const running = stack.use(await startDataSync({ config, engines, logger, processMetrics: true }));
  const owned = stack.move();
  return { ...running, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
