import { readdirSync, readFileSync } from 'node:fs';

/** One process of this boot of this machine. Its pid alone does not name it: the system gives pids again. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in clock ticks since the boot, as the kernel writes it. */
  started: string;
  /** The kernel's id of the boot: ticks count from zero again after the next. */
  boot: string;
}

/** R running, S and D waiting, T stopped by a signal, Z ended but not yet collected, and the rest of proc(5). */
export interface ProcessStat {
  state: string;
  /** Its process group. */
  group: number;
  started: string;
}

/** Reads /proc/<pid>/stat. The second field is the program's name, which may hold blanks and parentheses. */
export function parseStat(text: string): ProcessStat | null {
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  const [state, group, started] = [fields[0], fields[2], fields[19]];
  if (state === undefined || started === undefined || !/^\d+$/.test(started)) return null;
  return { state, group: Number(group), started };
}

/** The process that has this pid now; null when none has, or when it has ended and only waits to be collected. */
export function identify(pid: number): ProcessIdentity | null {
  const stat = statOf(pid);
  return stat === null ? null : { pid, started: stat.started, boot: bootId() };
}

/** What the process does now; null once it is gone, also when another process has got its pid. */
export function stateOf(identity: ProcessIdentity): 'running' | 'frozen' | null {
  const stat = statOf(identity.pid);
  if (stat === null || stat.started !== identity.started || bootId() !== identity.boot) return null;
  return stat.state === 'T' || stat.state === 't' ? 'frozen' : 'running';
}

/** The processes of a group: one that was started may be a launcher whose child does the work. */
export function livingMembers(group: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => statOf(pid)?.group === group);
}

function statOf(pid: number): ProcessStat | null {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return stat === null || stat.state === 'Z' || stat.state === 'X' ? null : stat;
  } catch {
    return null;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
