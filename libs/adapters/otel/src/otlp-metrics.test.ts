import { createMetrics } from '@chasqui/kit';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { describe, expect, it } from 'vitest';
import { createMetricProducer } from './otlp-metrics.ts';

async function collected(metrics: ReturnType<typeof createMetrics>) {
  const { resourceMetrics } = await createMetricProducer(metrics, resourceFromAttributes({})).collect();
  return new Map(resourceMetrics.scopeMetrics[0]?.metrics.map((metric) => [metric.descriptor.name, metric.dataPoints]));
}

describe('metrics for a collector', () => {
  it('count between two bounds what Prometheus counts up to each, for each series', async () => {
    const metrics = createMetrics({ app: 'test' });
    const latency = metrics.latency('work_seconds', 'Work', ['kind']);
    for (const seconds of [0.0004, 0.002, 0.002, 100]) latency.observe({ kind: 'a' }, seconds);
    latency.observe({ kind: 'b' }, 0.3);
    const points = (await collected(metrics)).get('chasqui_work_seconds') ?? [];
    expect(points.map(({ attributes }) => attributes)).toEqual([
      { app: 'test', kind: 'a' },
      { app: 'test', kind: 'b' },
    ]);
    const value = points[0]?.value as {
      buckets: { counts: number[]; boundaries: number[] };
      sum: number;
      count: number;
    };
    expect(value).toMatchObject({ count: 4, sum: 100.0044 });
    expect(value.buckets.counts).toEqual([1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(value.buckets.boundaries).toHaveLength(14);
  });

  it('leave out what nobody knows now', async () => {
    const metrics = createMetrics({ app: 'test' });
    metrics.gauge('unknown', 'Away', () => Number.NaN);
    metrics.gauge('known', 'Here', () => 7);
    metrics.counter('events_total', 'Events', ['type']).inc({ type: 'message' }, 3);
    const found = await collected(metrics);
    expect(found.get('chasqui_unknown')).toEqual([]);
    expect(found.get('chasqui_known')).toMatchObject([{ value: 7, attributes: { app: 'test' } }]);
    expect(found.get('chasqui_events_total')).toMatchObject([
      { value: 3, attributes: { app: 'test', type: 'message' } },
    ]);
  });
});
