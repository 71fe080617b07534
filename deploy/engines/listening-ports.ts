import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The TCP ports on which a process listens, ascending; empty when it may not be looked into. */
export function listeningPorts(pid: number): number[] {
  const sockets = socketsOf(pid);
  const ports = ['tcp', 'tcp6'].flatMap((table) => parseListening(readOrEmpty(`/proc/${pid}/net/${table}`)));
  return [...new Set(ports.filter(({ inode }) => sockets.has(inode)).map(({ port }) => port))].sort((a, b) => a - b);
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

function socketsOf(pid: number): Set<string> {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOrEmpty(`/proc/${pid}/fd/${fd}`));
    return new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? ''));
  } catch {
    return new Set();
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
