import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The server runs on core 0 and the client on core 1, if the machine has two and Linux's `taskset`. */
export const canPin = availableParallelism() >= 2 && runs('taskset', ['--version']);

/** The command line that runs `command` on one core. */
export function pinned(core: number, command: readonly string[]): [string, ...string[]] {
  const [first = '', ...rest] = command;
  return canPin ? ['taskset', '-c', String(core), first, ...rest] : [first, ...rest];
}

const PIN_TRIES = 5;

/** Binds this process, with all its threads, to one core. */
export function pinSelf(core: number): void {
  if (!canPin) return;
  // A thread that ends in the meantime makes `taskset` fail.
  for (let tries = 0; tries < PIN_TRIES; tries++) {
    if (runs('taskset', ['-a', '-c', '-p', String(core), String(process.pid)])) return;
  }
  throw new Error(`this process could not be bound to core ${core}`);
}

function runs(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
