import { defineConfig } from 'vitest/config';
import { OUTSIDE } from './vitest.outside.config.ts';
import { REAL } from './vitest.real.config.ts';

export default defineConfig({
  test: {
    include: ['{libs,apps,test}/**/*.test.{ts,tsx}'],
    // What needs a browser or Python runs by `npm run test:outside`, what needs the real engines by `npm run test:real`:
    // `npm test` needs nothing but Node and npm.
    exclude: ['**/node_modules/**', ...OUTSIDE, ...REAL],
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
