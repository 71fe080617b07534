import { isIPv6 } from 'node:net';

const WILDCARDS = new Set(['0.0.0.0', '::']);

/** A host as a URL has it: IPv6 addresses in brackets (RFC 3986, section 3.2.2). */
export function hostInUrl(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/** Whether it stands for every address of this machine, and so is none that a client can connect to. */
export function isWildcard(host: string): boolean {
  return WILDCARDS.has(host);
}

/** Whether only programs of this machine reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The host under which programs of this machine reach a server that listens on `host`. */
export function localHost(host: string): string {
  if (!isWildcard(host)) return host;
  return host === '::' ? '::1' : '127.0.0.1';
}
