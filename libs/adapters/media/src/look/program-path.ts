import { spawnSync } from 'node:child_process';

const FIND_MS = 2_000;

/** Where a program of this machine is, so that it can be started without an environment; null: it is not installed. */
export function programPath(name: string): string | null {
  const { status, stdout } = spawnSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8', timeout: FIND_MS });
  return status === 0 ? stdout.trim() : null;
}
