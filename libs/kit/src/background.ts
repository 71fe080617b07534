import { setPriority } from 'node:os';

/**
 * Lowers a thread's priority, so that others go first on a busy core. On Linux each thread has its own niceness, and 0
 * names the calling thread; elsewhere niceness would apply to the whole process, so nothing is changed. `thread`: its
 * number in `/proc/self/task`.
 */
export function inBackground(niceness: number, thread = 0): void {
  if (process.platform === 'linux') setPriority(thread, niceness);
}
