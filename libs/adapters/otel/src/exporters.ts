import type { TelemetryConfig } from '@chasqui/kit';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace';

/** Timeout of a request to the collector, including retries, ms. */
const TIMEOUT_MS = 5_000;

/** The exporters for the configured protocol, loaded on demand. */
export async function createExporters({ endpoint, protocol, headers }: TelemetryConfig): Promise<{
  spans: SpanExporter;
  metrics: PushMetricExporter;
}> {
  const [{ OTLPTraceExporter }, { OTLPMetricExporter }] =
    protocol === 'http/json'
      ? await Promise.all([
          import('@opentelemetry/exporter-trace-otlp-http'),
          import('@opentelemetry/exporter-metrics-otlp-http'),
        ])
      : await Promise.all([
          import('@opentelemetry/exporter-trace-otlp-proto'),
          import('@opentelemetry/exporter-metrics-otlp-proto'),
        ]);
  const to = (path: string) => ({ url: `${endpoint}${path}`, headers, timeoutMillis: TIMEOUT_MS });
  return {
    spans: new OTLPTraceExporter(to('/v1/traces')),
    metrics: new OTLPMetricExporter(to('/v1/metrics')),
  };
}
