import { randomBytes } from 'node:crypto';
import { PUSH_GROUP, PUSH_TOPIC } from '@chasqui/domain';
import { connectEmbeddedEngines } from '@chasqui/embedded';
import { type EnginesOf, openEngines } from '@chasqui/engines';
import { createMetrics, createStatusServer, type Logger, systemClock, systemRandom } from '@chasqui/kit';
import { openTelemetry } from '@chasqui/otel';
import { notReadyEngines } from '@chasqui/ports';
import type { PushConfig } from './config.ts';
import { openSenders } from './open-senders.ts';
import { Push } from './push.ts';

/** What the app uses of the engines. */
const ROLES = ['bus', 'presence', 'store', 'messages'] as const;

export interface RunningPush extends AsyncDisposable {
  statusPort: number;
  /** Shards of the bus that have work here and do not move, in words. */
  stalled(): string[];
}

export interface StartPushOptions {
  config: PushConfig;
  engines: EnginesOf<(typeof ROLES)[number]>;
  logger: Logger;
  /** True where this app is the whole process. */
  processMetrics?: boolean;
}

/** One Push consumer on the engines given. Errors: `config_invalid` for a provider's key that cannot be used. */
export async function startPush(options: StartPushOptions): Promise<RunningPush> {
  const { config, engines, logger, processMetrics = false } = options;
  const { bus, messages, pushOutcomes } = engines;
  const clock = systemClock;
  const metrics = createMetrics({ app: 'push', processMetrics });
  await using stack = new AsyncDisposableStack();
  const nodeId = `push-${randomBytes(6).toString('hex')}`;
  const { tracing } = stack.use(
    await openTelemetry({ config: config.telemetry, app: 'push', nodeId, metrics, logger }),
  );
  const senders = await openSenders(config.providers, clock);
  for (const sender of Object.values(senders)) stack.use(sender);
  let lag = 0;
  metrics.gauge('push_lag_messages', 'Bus messages with push tasks that wait to be handled', () => {
    bus.lag(PUSH_TOPIC, PUSH_GROUP).then(
      (shards) => {
        lag = shards.reduce((sum, { waiting }) => sum + waiting, 0);
      },
      () => {},
    );
    return lag;
  });
  const stalled = () => push.stalled();
  metrics.gauge('stalled_shards', 'Shards of the bus that have work here and do not move', () => stalled().length);
  const status = stack.use(
    await createStatusServer({
      host: config.host,
      port: config.statusPort,
      metrics,
      degraded: stalled,
      notReady: () => notReadyEngines({ bus, messages, pushOutcomes }),
    }),
  );
  const { order, settings } = config;
  const parts = { clock, random: systemRandom, logger, metrics, nodeId, tracing };
  const push = stack.use(new Push({ engines, senders, order, settings, ...parts }));
  logger.info({ providers: Object.keys(senders) }, 'ending push tasks');
  const owned = stack.move();
  return { statusPort: status.port, stalled, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** A Push consumer as a process of its own, on the engines that its configuration names. */
export async function pushApp(config: PushConfig, logger: Logger): Promise<RunningPush> {
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
  const running = stack.use(await startPush({ config, engines, logger, processMetrics: true }));
  const owned = stack.move();
  return { ...running, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
