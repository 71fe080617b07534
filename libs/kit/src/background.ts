import { setPriority } from 'node:os';

/**
 * Lets other threads go first on a busy core. On Linux a thread has a niceness of its own, and 0 names the calling one;
 * elsewhere it would be the whole process's, so nothing is changed there. `thread`: its number in `/proc/self/task`.
 */
export function inBackground(niceness: number, thread = 0): void {
  if (process.platform === 'linux') setPriority(thread, niceness);
}
