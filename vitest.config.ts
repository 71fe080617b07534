import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{libs,apps,test}/**/*.test.{ts,tsx}'],
    // Processes, not threads: tests own sockets, worker threads and native code. Two fit the smallest machine we serve.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    teardownTimeout: 10_000,
    // A file of tests that leaves sockets or timers behind keeps its process alive: name what does, instead of hanging.
    reporters: ['default', 'hanging-process'],
    allowOnly: false,
  },
});
