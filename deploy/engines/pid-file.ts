import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { ProcessIdentity } from './process-identity.ts';

/** The content of a pid file: the process, and when it started. */
export interface PidRecord extends ProcessIdentity {
  /** ISO time of its start. */
  since: string;
}

/** Null when there is no file, or when its content is invalid. */
export function readPidFile(path: string): PidRecord | null {
  try {
    return parsePidRecord(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

export function parsePidRecord(text: string): PidRecord | null {
  try {
    const { pid, started, boot, since } = JSON.parse(text) ?? {};
    const whole = Number.isSafeInteger(pid) && pid > 1 && [started, boot, since].every((s) => typeof s === 'string');
    return whole ? { pid, started, boot, since } : null;
  } catch {
    return null;
  }
}

/** Atomic: a concurrent reader sees the old file or the new one, never a part. */
export function writePidFile(path: string, record: PidRecord): void {
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, JSON.stringify(record));
  renameSync(beside, path);
}

export function removePidFile(path: string): void {
  rmSync(path, { force: true });
}
