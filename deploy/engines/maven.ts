import type { Say } from './folders.ts';
import { holdLock } from './lock.ts';
import { runProgram } from './run-program.ts';

/**
 * Runs Maven in batch mode, one run at a time on this machine: two corrupt each other's files in the local repository.
 */
export async function runMaven(
  args: readonly string[],
  options: { doing: string; say: Say; cwd?: string },
): Promise<void> {
  await using _lock = await holdLock('maven', options.say);
  await runProgram('mvn', ['--batch-mode', '--quiet', ...args], options);
}
