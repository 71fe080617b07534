import { defineConfig } from 'vitest/config';

/** Tests on the real engines, as `npm run engines:up` starts them. They fail where an engine is absent. */
export const REAL = [
  'libs/adapters/{redis,mysql,rocketmq,hbase,elasticsearch}/**/*.real.test.ts',
  'test/real/**/*.test.ts',
];

export default defineConfig({
  test: {
    include: REAL,
    pool: 'forks',
    // One at a time: the engines and a cluster fill two cores, and some tests kill an engine.
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
    // Conditions are waited for generously: an engine that starts or recovers beside others takes its time.
    expect: { poll: { timeout: 30_000, interval: 50 } },
    reporters: ['default', 'hanging-process'],
    allowOnly: false,
  },
});
