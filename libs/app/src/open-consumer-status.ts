import { createStatusServer, type Metrics, type Runtime } from '@chasqui/kit';
import { notReadyEngines } from '@chasqui/ports';

export interface ConsumerStatusOptions {
  /** Without a port, another app of the process answers for this one. */
  config: { host: string; statusPort?: number };
  /** The app is ready while all of them answer. */
  engines: Parameters<typeof notReadyEngines>[0];
  /** See `EventConsumer.troubles`. Not called before the app is assembled. */
  troubles(): { stalled: string[]; newer: string[] };
  /** Other problems that are not the process's fault, as sentences. */
  degraded?(): string[];
}

export interface ConsumerStatus {
  /** 0: none. */
  statusPort: number;
  metrics: Pick<Metrics, 'expose'>;
  /** Problems that are not the process's fault, as sentences. */
  degraded(): string[];
}

/**
 * Health and metrics of an app that consumes a topic, on a separate port if it has one. Errors: `config_invalid`, naming the port.
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
  const { host, statusPort } = config;
  if (statusPort === undefined) return { statusPort: 0, metrics, degraded };
  const notReady = () => notReadyEngines(engines);
  const { port } = stack.use(await createStatusServer({ host, port: statusPort, metrics, degraded, notReady }));
  return { statusPort: port, metrics, degraded };
}
