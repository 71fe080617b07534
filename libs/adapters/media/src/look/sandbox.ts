import { spawnSync } from 'node:child_process';
import { programPath } from './program-path.ts';

/** Bounds of a process that decodes what strangers sent. */
export interface ProcessBounds {
  /** Bytes of memory that it can write to. */
  memoryBytes: number;
  /** Seconds of CPU; absent: only the clock bounds it. */
  cpuS?: number;
}

const FIND_MS = 2_000;
/** A user namespace of its own gives it a network without any interface. */
const UNSHARE = ['unshare', '--user', '--map-current-user', '--net'] as const;
/** Files it writes have no bytes, and it leaves no memory dump. */
const PRLIMIT = ['prlimit', '--fsize=0', '--core=0', '--nofile=128'] as const;

/**
 * What stands before the command of such a process, as far as this machine has it: a network without interfaces
 * (`unshare`), bounds of memory, files and CPU (`prlimit`). Both are of util-linux.
 */
export class Sandbox {
  readonly #unshare = workingCommand(UNSHARE);
  readonly #prlimit = workingCommand(PRLIMIT);

  /** What this machine does not have, as one reads it in a warning. */
  get missing(): string[] {
    const missing = [];
    if (this.#unshare.length === 0) missing.push('a network of its own (unshare)');
    if (this.#prlimit.length === 0) missing.push('bounds of memory and files (prlimit)');
    return missing;
  }

  command(command: readonly string[], { memoryBytes, cpuS }: ProcessBounds): [program: string, args: string[]] {
    const bounds = [`--data=${memoryBytes}`, ...(cpuS === undefined ? [] : [`--cpu=${cpuS}`])];
    const prlimit = this.#prlimit.length === 0 ? [] : [...this.#prlimit, ...bounds];
    const [program = '', ...args] = [...this.#unshare, ...prlimit, ...command];
    return [program, args];
  }
}

/** The command with the whole path of its program; empty: it does not work here. */
function workingCommand([name, ...args]: readonly [string, ...string[]]): string[] {
  const program = programPath(name);
  if (program === null) return [];
  const { status } = spawnSync(program, [...args, '/bin/true'], { stdio: 'ignore', timeout: FIND_MS });
  return status === 0 ? [program, ...args] : [];
}
