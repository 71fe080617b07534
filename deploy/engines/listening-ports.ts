import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { livingMembers } from './process-identity.ts';

/** The TCP ports on which a process group listens, ascending. Processes that we may not inspect are left out. */
export function listeningPorts(group: number): number[] {
  const sockets = new Set(livingMembers(group).flatMap(socketsOf));
  const all = ['tcp', 'tcp6'].flatMap((table) => parseListening(readOrEmpty(`/proc/${group}/net/${table}`)));
  return [...new Set(all.filter(({ inode }) => sockets.has(inode)).map(({ port }) => port))].sort((a, b) => a - b);
}

/** Whether any process of this machine listens on a TCP port. */
export function isListenedOn(port: number): boolean {
  return ['tcp', 'tcp6'].some((table) =>
    parseListening(readOrEmpty(`/proc/net/${table}`)).some((one) => one.port === port),
  );
}

/** Reads /proc/net/tcp or tcp6: the rows in state 0A (LISTEN), with the inode of the socket. */
export function parseListening(table: string): { port: number; inode: string }[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A')
    .map((fields) => ({ port: Number.parseInt(fields[1]?.split(':').at(-1) ?? '', 16), inode: fields[9] ?? '' }));
}

function socketsOf(pid: number): string[] {
  const links = readFolderOrEmpty(`/proc/${pid}/fd`).map((fd) => linkOrEmpty(`/proc/${pid}/fd/${fd}`));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

// A process may end, or become unreadable, during the check.

function readFolderOrEmpty(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function linkOrEmpty(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
