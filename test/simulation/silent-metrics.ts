import type { Metrics } from '@chasqui/kit';

/** Metrics that nobody reads. */
export const silentMetrics = {
  counter: () => ({ inc() {} }),
  gauge() {},
  latency: () => ({ observe() {} }),
  expose: async () => ({ contentType: 'text/plain', body: '' }),
} as unknown as Metrics;
