import { createStatusServer, type Metrics, type Runtime } from '@chasqui/kit';
import { type MessageBus, notReadyEngines } from '@chasqui/ports';

export interface ConsumerStatusOptions {
  config: { host: string; statusPort: number };
  /** The app is ready while each of them answers. */
  engines: Parameters<typeof notReadyEngines>[0];
  /** See `EventConsumer.troubles`. Called only after the app is put together. */
  troubles(): { stalled: string[]; newer: string[] };
  /** What else goes wrong without the process being at fault, in words. */
  degraded?(): string[];
}

export interface ConsumerStatus {
  statusPort: number;
  /** What goes wrong without the process being at fault, in words. */
  degraded(): string[];
}

/** Health and metrics of an app that consumes a topic, on a port of its own. Errors: `config_invalid` naming the port. */
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
