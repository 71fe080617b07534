import type { MetricFamily, Metrics } from '@chasqui/kit';
import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';

/** The metrics of `/metrics`, read on export: the measured code does not know of the export. */
export function createMetricProducer(metrics: Pick<Metrics, 'families'>, resource: Resource): MetricProducer {
  const startTime = hrTime(Date.now());
  return {
    async collect() {
      const span = { startTime, endTime: hrTime(Date.now()) };
      const data = (await metrics.families()).flatMap((family) => metricData(family, span));
      return {
        resourceMetrics: { resource, scopeMetrics: [{ scope: { name: 'chasqui' }, metrics: data }] },
        errors: [],
      };
    },
  };
}

interface Span {
  startTime: HrTime;
  endTime: HrTime;
}

/**
 * Empty for a type that OTLP does not support. Values that are not numbers are left out, as they are currently unknown.
 */
function metricData({ name, help, type, values }: MetricFamily, span: Span): MetricData[] {
  const descriptor = {
    name,
    description: help,
    unit: name.includes('_seconds') ? 's' : '',
    valueType: ValueType.DOUBLE,
  };
  const base = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE };
  const known = values.filter(({ value }) => Number.isFinite(value));
  const dataPoints = known.map(({ labels, value }) => ({ ...span, attributes: labels as Attributes, value }));
  switch (String(type)) {
    case 'counter':
      return [{ ...base, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }];
    case 'gauge':
      return [{ ...base, dataPointType: DataPointType.GAUGE, dataPoints }];
    case 'histogram':
      return [{ ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints: histograms(known, name, span) }];
    default:
      return [];
  }
}

/** Prometheus counts values up to each bound, OTLP between two bounds. */
function histograms(values: MetricFamily['values'], name: string, span: Span): DataPoint<Histogram>[] {
  const series = new Map<string, { attributes: Attributes; upTo: [bound: number, count: number][]; sum: number }>();
  for (const { labels, value, metricName } of values) {
    const { le, ...attributes } = labels as { [label: string]: string | number };
    const key = JSON.stringify(Object.entries(attributes).sort());
    const found = series.get(key) ?? { attributes, upTo: [], sum: 0 };
    series.set(key, found);
    if (metricName === `${name}_sum`) found.sum = value;
    else if (le !== undefined) found.upTo.push([le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), value]);
  }
  return [...series.values()].map(({ attributes, upTo, sum }) => {
    upTo.sort(([a], [b]) => a - b);
    const counts = upTo.map(([, count], index) => count - (upTo[index - 1]?.[1] ?? 0));
    const boundaries = upTo.map(([bound]) => bound).filter(Number.isFinite);
    return { ...span, attributes, value: { buckets: { boundaries, counts }, sum, count: upTo.at(-1)?.[1] ?? 0 } };
  });
}

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];
}
