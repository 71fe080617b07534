import { createStatusServer, type Metrics, type Runtime } from '@chasqui/kit';
import { type MessageBus, notReadyEngines } from '@chasqui/ports';

export interface ConsumerStatusOptions {
  config: { host: string; statusPort: number };
  /** The app is ready while each of them answers. */
  engines: Parameters<typeof notReadyEngines>[0];
  /** Shards of the bus that have work here and do not move, in words. Called only after the app is put together. */
  stalled(): string[];
  /** What else goes wrong without the process being at fault, in words. */
  degraded?(): string[];
}

/** Health and metrics of an app that consumes a topic, on a port of its own. Errors: `config_invalid` naming the port. */
export async function openConsumerStatus(
  stack: AsyncDisposableStack,
  { metrics }: Runtime,
  { config, engines, stalled, degraded = () => [] }: ConsumerStatusOptions,
): Promise<{ statusPort: number; stalled(): string[] }> {
  metrics.gauge('stalled_shards', 'Shards of the bus that have work here and do not move', () => stalled().length);
  const { port } = stack.use(
    await createStatusServer({
      ...{ host: config.host, port: config.statusPort, metrics },
      degraded: () => [...stalled(), ...degraded()],
      notReady: () => notReadyEngines(engines),
    }),
  );
  return { statusPort: port, stalled };
}

export interface LagGauge {
  name: string;
  help: string;
  topic: string;
  /** A consumer group. */
  group: string;
}

/** How many bus messages wait for a consumer group, as of the scrape before, as the bus is asked meanwhile. */
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
