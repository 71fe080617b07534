import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Tests start hundreds of processes and worker threads: they take their code from here instead of compiling it again.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '.cache/compile');

/**
 * Tests that drive Chasqui from outside, with programs that are not npm packages: Chromium, Python, texts from Debian.
 */
export const OUTSIDE = ['test/browser/**/*.test.ts', 'test/third-party/**/*.test.ts'];

export default defineConfig({
  test: {
    include: OUTSIDE,
    pool: 'forks',
    // Files share their process, as in vitest.config.ts.
    isolate: false,
    // One at a time: a browser and a cluster use two cores.
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    allowOnly: false,
  },
});
