import { readdirSync, readFileSync } from 'node:fs';

/** Identifies one process of this boot of this machine. Its pid alone does not: the system reuses pids. */
export interface ProcessIdentity {
  pid: number;
  /** Start time in clock ticks since the boot, as the kernel writes it. */
  started: string;
  /** The kernel's id of the boot: ticks count from zero again after a reboot. */
  boot: string;
}

/** R running, S and D waiting, T stopped by a signal, Z ended but not yet reaped, and the other states of proc(5). */
export interface ProcessStat {
  state: string;
  /** Its process group. */
  group: number;
  started: string;
}

/** Reads /proc/<pid>/stat. The second field is the program's name, which may contain blanks and parentheses. */
export function parseStat(text: string): ProcessStat | null {
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  const [state, group, started] = [fields[0], fields[2], fields[19]];
  if (state === undefined || started === undefined || !/^\d+$/.test(started)) return null;
  return { state, group: Number(group), started };
}

/** The process that has this pid now; null when there is none, or when it has ended and is not yet reaped. */
export function identify(pid: number): ProcessIdentity | null {
  const stat = statOf(pid);
  return stat === null ? null : { pid, started: stat.started, boot: bootId() };
}

/** The state of the process; null once it has ended, also when another process has its pid. */
export function stateOf(identity: ProcessIdentity): 'running' | 'frozen' | null {
  const stat = statOf(identity.pid);
  if (stat === null || stat.started !== identity.started || bootId() !== identity.boot) return null;
  return stat.state === 'T' || stat.state === 't' ? 'frozen' : 'running';
}

/** The processes of a group: the started process may be a launcher whose child does the work. */
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
