import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/** With this many cores or fewer, V8's helper threads take the core from latency-sensitive threads. */
const FEW = 2;
const NICENESS = 5;
const TASKS = '/proc/self/task';

/**
 * On a machine with few cores, gives V8's helper threads (garbage collection, compilation) a lower priority than all
 * others, and lets young-generation collections run without them, as they would have to wait for a helper. A full
 * collection, which keeps the helpers busy for 0.2 s, then delays no other thread. Does nothing with more cores, or
 * where threads have no priority of their own (all systems but Linux). Call it before there is much to collect.
 * `cores`: defaults to what the process may use.
 */
export function lowerV8HelperPriority(cores = availableParallelism()): void {
  if (cores > FEW || process.platform !== 'linux') return;
  setFlagsFromString('--no-parallel-scavenge');
  for (const id of readdirSync(TASKS)) {
    if (readFileSync(`${TASKS}/${id}/comm`, 'utf8').trim() === 'V8Worker') inBackground(NICENESS, Number(id));
  }
}

/**
 * Lowers a thread's priority, so that others go first on a busy core. On Linux each thread has its own niceness, and 0
 * names the calling thread; elsewhere niceness would apply to the whole process, so nothing is changed. `thread`: its
 * number in `/proc/self/task`.
 */
export function inBackground(niceness: number, thread = 0): void {
  if (process.platform === 'linux') setPriority(thread, niceness);
}
