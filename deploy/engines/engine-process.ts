import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { defined } from '@chasqui/domain';
import type { EngineProcess } from './engine.ts';
import { logPath, pidPath } from './folders.ts';
import { readPidFile, removePidFile, writePidFile } from './pid-file.ts';
import { identify, livingMembers, type ProcessIdentity, stateOf } from './process-identity.ts';
import { lastLines } from './run-program.ts';

/** Time from SIGTERM to SIGKILL, milliseconds. */
const GRACE_MS = 30_000;

/** The process that a pid file names; null if it has ended. */
export function livingProcess(folder: string, name: string) {
  const record = readPidFile(pidPath(folder, name));
  const state = record === null ? null : stateOf(record);
  return record === null || state === null ? null : { ...record, state };
}

/**
 * Starts a detached process in its own process group, unless it already runs. Its output goes to its log; the previous
 * run's log is kept beside it. Errors: when there is no such program.
 */
export async function startProcess(folder: string, engineProcess: EngineProcess): Promise<void> {
  const { name, command, args, env, cwd } = engineProcess;
  if (livingProcess(folder, name) !== null) return;
  const path = logPath(folder, name);
  if (existsSync(path)) renameSync(path, path.replace(/\.log$/, '.previous.log'));
  const log = openSync(path, 'a');
  try {
    const child = spawn(command, args, {
      ...defined({ cwd }),
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
      detached: true,
    });
    await once(child, 'spawn');
    child.unref();
    const identity = identify(child.pid ?? 0);
    // A process that has already ended left the reason in its log; the caller that waits for readiness reports it.
    if (identity !== null) writePidFile(pidPath(folder, name), { ...identity, since: new Date().toISOString() });
  } finally {
    closeSync(log);
  }
}

/** Ends a process with SIGTERM, and with SIGKILL after the grace period. Resolves when it is gone. */
export async function stopProcess(
  folder: string,
  name: string,
  graceMs = GRACE_MS,
): Promise<'stopped' | 'killed' | 'absent'> {
  const living = livingProcess(folder, name);
  if (living === null) return 'absent';
  process.kill(living.pid, 'SIGTERM');
  // A frozen process handles the signal only once it is resumed.
  process.kill(-living.pid, 'SIGCONT');
  const graceful = await isGone(living, graceMs);
  if (!graceful) await killProcess(folder, name);
  removePidFile(pidPath(folder, name));
  return graceful ? 'stopped' : 'killed';
}

/** kill -9 of a process and its children. Resolves when all are gone. */
export async function killProcess(folder: string, name: string): Promise<void> {
  const living = livingProcess(folder, name);
  if (living === null) return;
  process.kill(-living.pid, 'SIGKILL');
  if (!(await isGone(living, GRACE_MS))) throw new Error(`process ${living.pid} (${name}) does not exit after SIGKILL`);
  removePidFile(pidPath(folder, name));
}

/** Sends SIGSTOP or SIGCONT to a process and its children. Errors: when it does not run. */
export function signalProcess(folder: string, name: string, signal: 'SIGSTOP' | 'SIGCONT'): void {
  const living = livingProcess(folder, name);
  if (living === null) throw new Error(`${name} is not running`);
  process.kill(-living.pid, signal);
}

/** The end of a process's log, for error messages. */
export function logEnd(folder: string, name: string): string {
  const path = logPath(folder, name);
  return existsSync(path) ? lastLines(readFileSync(path, 'utf8')) : '';
}

/** Whether the process and its children have ended. While one of them runs, the system does not reuse the pid. */
async function isGone(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (stateOf(identity) !== null || livingMembers(identity.pid).length > 0) {
    if (performance.now() > deadline) return false;
    await wait(50);
  }
  return true;
}
