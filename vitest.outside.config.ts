import { join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

// Tests start hundreds of processes and worker threads: they take their code from here instead of compiling it again.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '.cache/compile');

const BROWSER = 'test/browser/**/*.test.ts';
const THIRD_PARTY = 'test/third-party/**/*.test.ts';
/**
 * Tests that drive Chasqui from outside, with programs that are not npm packages: Chromium, Python, texts from Debian.
 */
export const OUTSIDE = [BROWSER, THIRD_PARTY];

/** Groups run one after the other; within a group, as many files run in parallel as there are workers. */
export function group(name: string, order: number, maxWorkers: number, include: string[], exclude: string[] = []) {
  return {
    extends: true,
    test: { name, include, exclude: ['**/node_modules/**', ...exclude], maxWorkers, sequence: { groupOrder: order } },
  } satisfies TestProjectInlineConfiguration;
}

export default defineConfig({
  test: {
    pool: 'forks',
    // Files share their process, as in vitest.config.ts.
    isolate: false,
    testTimeout: 120_000,
    // A busy machine takes minutes to start a cluster and a browser, and a page on it more than the second of the default.
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000, interval: 50 } },
    allowOnly: false,
    projects: [
      // One at a time: a browser and a cluster use two cores.
      group('browser', 1, 1, [BROWSER]),
      // Most of these wait for one program at a time: Python, npm, Helm.
      group('third party', 2, 2, [THIRD_PARTY]),
    ],
  },
});
