import { SpanKind } from '@opentelemetry/api';
import { ParentBasedSampler, type Sampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';

/**
 * For a span that something outside starts, our share decides, even if a client has begun the trace: clients cannot
 * decide how much is recorded here. Later spans of a trace follow the decision of the first.
 */
export function createShareSampler(share: number): Sampler {
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
