import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { OUTSIDE } from './vitest.outside.config.ts';
import { REAL } from './vitest.real.config.ts';

const TESTS = '{libs,apps,test}/**/*.test.{ts,tsx}';
// Tests that need a browser or Python run by `npm run test:outside`, those that need the real engines by `npm run
// test:real`: `npm test` needs nothing but Node and npm.
const EXCLUDED = ['**/node_modules/**', ...OUTSIDE, ...REAL];
/** Each replaces a module, which the files after it in the same process would see too. */
const REPLACE_MODULES = globSync(TESTS, { exclude: ['**/node_modules/**'] }).filter((file) =>
  /^vi\.mock\(/m.test(readFileSync(file, 'utf8')),
);

export default defineConfig({
  test: {
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
    projects: [
      // Files share their process, and so its modules: loading them anew for each file takes longer than most tests.
      {
        extends: true,
        test: { name: 'shared', include: [TESTS], exclude: [...EXCLUDED, ...REPLACE_MODULES], isolate: false },
      },
      { extends: true, test: { name: 'isolated', include: REPLACE_MODULES, exclude: EXCLUDED } },
    ],
  },
});
