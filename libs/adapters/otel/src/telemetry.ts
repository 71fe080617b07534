import type { Logger, Metrics, TelemetryConfig, Tracing } from '@chasqui/kit';

export interface TelemetryOptions {
  /** Undefined: telemetry is off. */
  config: TelemetryConfig | undefined;
  /** The app's name in traces is `chasqui-<app>`. */
  app: string;
  /** Identifies this process. */
  nodeId: string;
  metrics: Metrics;
  logger: Logger;
}

export interface Telemetry extends AsyncDisposable {
  readonly tracing: Tracing | undefined;
}
