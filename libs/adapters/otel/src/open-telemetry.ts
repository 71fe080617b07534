import type { Telemetry, TelemetryOptions } from './start-telemetry.ts';

export type { Telemetry, TelemetryOptions };

/**
 * Sends an app's spans and metrics to a collector by OTLP over HTTP. If it is off, OpenTelemetry is not even loaded.
 * Disposing sends what is left, within a bound.
 */
export async function openTelemetry({ config, ...rest }: TelemetryOptions): Promise<Telemetry> {
  if (config === undefined) return { tracing: undefined, async [Symbol.asyncDispose]() {} };
  const { startTelemetry } = await import('./start-telemetry.ts');
  return startTelemetry({ config, ...rest });
}
