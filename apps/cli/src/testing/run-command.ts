import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { defined } from '@chasqui/domain';

const CLI = join(import.meta.dirname, '../main.ts');

interface RunOptions {
  cwd: string;
  env: { [name: string]: string };
  /** Called with all of the output so far whenever there is more. */
  heard?(out: string): void;
}

/** Runs a command as a process of its own, in a folder, and collects what it prints. */
export async function runCommand(args: string[], { cwd, env, heard }: RunOptions) {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: defined({ NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
    heard?.(said.out);
  });
  child.stderr.on('data', (chunk) => (said.err += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}
