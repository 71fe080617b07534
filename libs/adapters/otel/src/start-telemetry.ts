import { type Logger, type Metrics, systemClock, type TelemetryConfig, type Tracing, withDeadline } from '@chasqui/kit';
import { DiagLogLevel, diag, SpanKind } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { createExporters } from './exporters.ts';
import { createMetricProducer } from './otlp-metrics.ts';
import { createTracing } from './otlp-tracing.ts';

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

/**
 * For a span that something outside starts, our share decides, even if a client has begun the trace: clients cannot
 * decide how much is recorded here. Later spans of a trace follow the decision of the first.
 */
function createShareSampler(share: number): Sampler {
  const edge = new TraceIdRatioBasedSampler(share);
  const inner = new ParentBasedSampler({ root: edge });
  return {
    shouldSample: (context, traceId, name, kind, attributes, links) =>
      kind === SpanKind.SERVER
        ? edge.shouldSample(context, traceId)
        : inner.shouldSample(context, traceId, name, kind, attributes, links),
    toString: () => `share ${share}`,
  };
}
