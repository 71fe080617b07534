import { systemClock, withDeadline } from '@chasqui/kit';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { createExporters } from './exporters.ts';
import { createMetricProducer } from './otlp-metrics.ts';
import { createTracing } from './otlp-tracing.ts';
import { createShareSampler } from './share-sampler.ts';
import type { Telemetry, TelemetryOptions } from './telemetry.ts';

/** Maximum spans that wait to be sent (C16); further ones are dropped, and a warning says how many. */
const MAX_SPANS = 4_096;
/** Timeout of an export of metrics, ms. */
const EXPORT_MS = 5_000;
/** Timeout of the last export when the app stops, ms: a process may stop several apps one after another. */
const STOP_MS = 1_000;

type Started = TelemetryOptions & { config: NonNullable<TelemetryOptions['config']> };

/** An app's telemetry. A collector that is away costs the waiting spans, and one warning per export. */
export async function startTelemetry({ config, app, nodeId, metrics, logger }: Started): Promise<Telemetry> {
  const say = (text: string, ...more: unknown[]) => logger.warn({ more: more.map(String) }, `telemetry: ${text}`);
  const quiet = () => {};
  diag.setLogger(
    { error: say, warn: say, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const exporters = await createExporters(config);
  const resource = resourceFromAttributes({
    'service.namespace': 'chasqui',
    'service.name': `chasqui-${app}`,
    'service.instance.id': nodeId,
  });
  const tracers = new TracerProvider({
    resource,
    sampler: createShareSampler(config.sampledPerMillion / 1e6),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: exporters.spans,
        scheduledDelayMillis: config.spanDelayMs,
        maxQueueSize: MAX_SPANS,
      }),
    ],
  });
  const meters = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: exporters.metrics,
        exportIntervalMillis: config.metricIntervalMs,
        exportTimeoutMillis: Math.min(config.metricIntervalMs, EXPORT_MS),
        metricProducers: [createMetricProducer(metrics, resource)],
      }),
    ],
  });
  return {
    tracing: createTracing(tracers.getTracer('chasqui')),
    async [Symbol.asyncDispose]() {
      const ended = Promise.allSettled([tracers.shutdown(), meters.shutdown()]);
      await withDeadline(systemClock, STOP_MS, ended).catch(() => {
        logger.warn({}, 'telemetry: the collector did not accept the last spans and metrics');
      });
    },
  };
}
