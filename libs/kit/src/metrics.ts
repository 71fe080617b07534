import { defined } from '@chasqui/domain';
import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client';
import { uncaughtFaults } from './last-resort.ts';
import { VERSION } from './version.ts';

/** All values of one metric: those of a histogram as `…_bucket`, `…_sum` and `…_count`. */
export type MetricFamily = MetricObjectWithValues<MetricValue<string> & { metricName?: string }>;

/** From a fraction of a millisecond to the longest deadline of the message path. */
const LATENCY_BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

/** From one look at the lag of the event loop to the next, ms: each wakes the process. */
const LAG_PRECISION_MS = 50;

/** The values of gauges for one combination of labels. */
export interface GaugeSample<L extends string, N extends string> {
  labels: { readonly [label in L]: string };
  values: { readonly [name in N]: number };
}

/** The metrics of one app. Label values come from small fixed sets: never a user, a device or an id. */
export interface Metrics {
  counter<L extends string>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  /** A counter with one label, for what happens to each message: counting costs a fifth of `counter`'s. */
  tally(name: string, help: string, label: string): (value: string, count?: number) => void;
  /** `read` is called on each scrape. */
  gauge(name: string, help: string, read: () => number): void;
  /**
   * Gauges with the same labels, by name and help, from one `read` on each scrape. If it fails, they have no value: an
   * old value would look like a current one.
   */
  gauges<L extends string, N extends string>(
    helps: { readonly [name in N]: string },
    labels: readonly L[],
    read: () => Promise<readonly GaugeSample<L, N>[]>,
  ): void;
  /** A histogram in seconds. */
  latency<L extends string>(name: string, help: string, labels?: readonly L[]): Histogram<L>;
  /** The Prometheus text format. */
  expose(): Promise<{ contentType: string; body: string }>;
  /** All metrics as objects, for export to a collector. */
  families(): Promise<MetricFamily[]>;
}

export interface MetricsOptions {
  app: string;
  /** Adds the process's own metrics. */
  processMetrics?: boolean;
  /** Tells apps of one kind in one process apart. */
  instance?: string;
}

/** Names get the prefix `chasqui_`. */
export function createMetrics({ app, processMetrics = false, instance }: MetricsOptions): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ app, ...defined({ node: instance }) });
  const registers = [registry];
  const gauge: Metrics['gauge'] = (name, help, read) => {
    new Gauge({
      name: `chasqui_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  new Gauge({ name: 'chasqui_build_info', help: 'The version of the app', labelNames: ['version'], registers }).set(
    { version: VERSION },
    1,
  );
  if (processMetrics) {
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_PRECISION_MS });
    gauge('uncaught_faults', 'Exceptions and rejections that nobody caught since the start', uncaughtFaults);
  }
  return {
    gauge,
    counter: (name, help, labels = []) => new Counter({ name: `chasqui_${name}`, help, labelNames: labels, registers }),
    tally(name, help, label) {
      const counts = new Map<string, number>();
      new Counter({
        name: `chasqui_${name}`,
        help,
        labelNames: [label],
        registers,
        collect() {
          this.reset();
          for (const [value, count] of counts) this.inc({ [label]: value }, count);
        },
      });
      return (value, count = 1) => void counts.set(value, (counts.get(value) ?? 0) + count);
    },
    gauges(helps, labels, read) {
      let reading: ReturnType<typeof read> | undefined;
      for (const name of Object.keys(helps) as (keyof typeof helps)[]) {
        new Gauge({
          name: `chasqui_${name}`,
          help: helps[name],
          labelNames: labels,
          registers,
          async collect() {
            // One read for all gauges of a scrape.
            reading ??= read().finally(() => {
              reading = undefined;
            });
            const readings = await reading.catch(() => []);
            this.reset();
            for (const one of readings) this.set(one.labels, one.values[name]);
          },
        });
      }
    },
    latency: (name, help, labels = []) =>
      new Histogram({ name: `chasqui_${name}`, help, labelNames: labels, registers, buckets: LATENCY_BUCKETS_S }),
    async expose() {
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
    families: () => registry.getMetricsAsJSON() as Promise<MetricFamily[]>,
  };
}
