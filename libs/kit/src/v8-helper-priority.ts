import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { inBackground } from './background.ts';

/** With as many or fewer, V8's helper threads take the core from the threads that people wait for. */
const FEW = 2;
const NICENESS = 5;
const TASKS = '/proc/self/task';

/**
 * On a machine of few cores V8's helpers (collection beside the main thread, compiling) go behind all other threads, and
 * young collections do without them, as they would have to wait for a helper's turn: a whole collection, which keeps the
 * helpers busy for 0.2 s, then delays nobody. Does nothing with more cores, or where threads have no priority of their
 * own (elsewhere than on Linux). Call it before there is much to collect. `cores`: by default what the process may use.
 */
export function lowerV8HelperPriority(cores = availableParallelism()): void {
  if (cores > FEW || process.platform !== 'linux') return;
  setFlagsFromString('--no-parallel-scavenge');
  for (const id of readdirSync(TASKS)) {
    if (readFileSync(`${TASKS}/${id}/comm`, 'utf8').trim() === 'V8Worker') inBackground(NICENESS, Number(id));
  }
}
