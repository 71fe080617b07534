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

/**
 * Sends an app's spans and metrics to a collector by OTLP over HTTP. Off, it costs nothing: OpenTelemetry is not even
 * loaded. Disposing sends what is left, within a bound.
 */
export async function openTelemetry({ config, ...rest }: TelemetryOptions): Promise<Telemetry> {
  if (config === undefined) return { tracing: undefined, async [Symbol.asyncDispose]() {} };
  const { startTelemetry } = await import('./start-telemetry.ts');
  return startTelemetry({ config, ...rest });
}
