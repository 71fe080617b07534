import { defined } from '@chasqui/domain';
import type { SpanKind as Kind, Tracing } from '@chasqui/kit';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';

const KINDS = {
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const satisfies Record<Kind, SpanKind>;

/** Implements our small interface with an OpenTelemetry tracer, without its ambient context. */
export function createTracing(tracer: Tracer): Tracing {
  return {
    begin(name, kind, { parent, attributes = {}, at } = {}) {
      const above = parent === undefined ? null : parseTraceParent(parent);
      const context = above === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...above, isRemote: true });
      const options = { kind: KINDS[kind], attributes, ...defined({ startTime: at }) };
      const span = tracer.startSpan(name, options, context);
      if (!span.isRecording()) return null;
      const { traceId, spanId } = span.spanContext();
      return {
        traceparent: `00-${traceId}-${spanId}-01`,
        end(error) {
          if (error !== undefined) {
            const message = error instanceof Error ? error.message : String(error);
            span.setStatus({ code: SpanStatusCode.ERROR, message });
          }
          span.end();
        },
      };
    },
  };
}
