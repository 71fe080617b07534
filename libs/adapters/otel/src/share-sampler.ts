import { SpanKind } from '@opentelemetry/api';
import { ParentBasedSampler, type Sampler, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';

/**
 * Where something reaches us from outside, our share decides, also of a trace that a client has begun: nobody outside says
 * how much is recorded here. What follows is recorded as its beginning was.
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
