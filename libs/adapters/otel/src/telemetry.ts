import type { Logger, Metrics, TelemetryConfig, Tracing } from '@chasqui/kit';

export interface TelemetryOptions {
  /** Undefined: off. */
  config: TelemetryConfig | undefined;
  /** The app's name in traces is `chasqui-<app>`. */
  app: string;
  /** Names this process. */
  nodeId: string;
  metrics: Metrics;
  logger: Logger;
}

export interface Telemetry extends AsyncDisposable {
  readonly tracing: Tracing | undefined;
}
