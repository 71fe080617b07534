import { createStatusServer, type Metrics, type Runtime } from '@chasqui/kit';
import { type MessageBus, notReadyEngines } from '@chasqui/ports';

export interface ConsumerStatusOptions {
  config: { host: string; statusPort: number };
  /** The app is ready while all of them answer. */
  engines: Parameters<typeof notReadyEngines>[0];
  /** See `EventConsumer.troubles`. Not called before the app is assembled. */
  troubles(): { stalled: string[]; newer: string[] };
  /** Other problems that are not the process's fault, as sentences. */
  degraded?(): string[];
}

export interface ConsumerStatus {
  statusPort: number;
  /** Problems that are not the process's fault, as sentences. */
  degraded(): string[];
}

/**
 * Health and metrics of an app that consumes a topic, on a separate port. Errors: `config_invalid`, naming the port.
 */
export async function openConsumerStatus(
  stack: AsyncDisposableStack,
  { metrics }: Runtime,
  { config, engines, troubles, degraded: others = () => [] }: ConsumerStatusOptions,
): Promise<ConsumerStatus> {
  metrics.gauge(
    'stalled_shards',
    'Shards of the bus that have work here and do not move',
    () => troubles().stalled.length,
  );
  metrics.gauge(
    'newer_event_shards',
    'Shards of the bus on which events wait for a newer version',
    () => troubles().newer.length,
  );
  const degraded = () => [...Object.values(troubles()).flat(), ...others()];
  const { port } = stack.use(
    await createStatusServer({
      host: config.host,
      port: config.statusPort,
      metrics,
      degraded,
      notReady: () => notReadyEngines(engines),
    }),
  );
  return { statusPort: port, degraded };
}

export interface LagGauge {
  name: string;
  help: string;
  topic: string;
  /** The consumer group. */
  group: string;
}

/**
 * The backlog of a consumer group, in bus messages. The value is as of the previous scrape, because the bus is queried
 * asynchronously.
 */
export function addLagGauge(
  metrics: Metrics,
  bus: Pick<MessageBus, 'lag'>,
  { name, help, topic, group }: LagGauge,
): void {
  let lag = 0;
  metrics.gauge(name, help, () => {
    bus.lag(topic, group).then(
      (shards) => {
        lag = shards.reduce((sum, { waiting }) => sum + waiting, 0);
      },
      () => {},
    );
    return lag;
  });
}
