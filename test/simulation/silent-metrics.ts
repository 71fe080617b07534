import type { Metrics } from '@chasqui/kit';

/** Metrics that are discarded. */
export const silentMetrics = {
  counter: () => ({ inc() {} }),
  gauge() {},
  latency: () => ({ observe() {} }),
  expose: async () => ({ contentType: 'text/plain', body: '' }),
} as unknown as Metrics;
