import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second of the kernel's clock in /proc, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU time used by all threads of a process, in seconds. */
export function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [, , ...fields] = stat.slice(stat.lastIndexOf(')')).split(' ');
  return (Number(fields[10]) + Number(fields[11])) / TICKS_PER_SECOND;
}

/** CPU time of a process's threads, in seconds; threads with the same name are summed, the main thread is first. */
export function cpuSecondsByThread(pid: number): Map<string, number> {
  const seconds = new Map<string, number>();
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const name = readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8').trim();
    const [ranNs] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ');
    seconds.set(name, (seconds.get(name) ?? 0) + Number(ranNs) / 1e9);
  }
  return seconds;
}

/** Resident memory of a process in MB. */
export function residentMbOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024;
}

/** Bytes that a process has written to files, and to what is no socket of the gateway. */
export const bytesWrittenOf = (pid: number): number => ioOf(pid, 'wchar');

/**
 * Bytes that a process has caused to be written to the disk. The kernel counts whole pages, also those of files that are
 * mapped into memory, when the process first changes them after they were last written back.
 */
export const bytesToDiskOf = (pid: number): number => ioOf(pid, 'write_bytes');

function ioOf(pid: number, field: 'wchar' | 'write_bytes'): number {
  return Number(new RegExp(`^${field}: (\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1] ?? 0);
}
