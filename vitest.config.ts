import { defineConfig } from 'vitest/config';
import { OUTSIDE } from './vitest.outside.config.ts';
import { REAL } from './vitest.real.config.ts';

export default defineConfig({
  test: {
    include: ['{libs,apps,test}/**/*.test.{ts,tsx}'],
    // Tests that need a browser or Python run by `npm run test:outside`, those that need the real engines by `npm run
    // test:real`: `npm test` needs nothing but Node and npm.
    exclude: ['**/node_modules/**', ...OUTSIDE, ...REAL],
    // Processes, not threads: tests use sockets, worker threads and native code. Two fit the smallest supported
    // machine.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    teardownTimeout: 10_000,
    // A test file that leaves sockets or timers open keeps its process alive: report them instead of hanging.
    reporters: ['default', 'hanging-process'],
    allowOnly: false,
  },
});
