import { isIPv6 } from 'node:net';

/**
 * Who sent a request. `proxies`: how many of one's own stand before the server, each of which adds the address it was
 * called from to `X-Forwarded-For`; what stands before those entries anybody could have written.
 */
export function clientAddress(peer: string, forwardedFor: string, proxies: number): string {
  if (proxies === 0 || forwardedFor === '') return peer;
  const hops = forwardedFor.split(',').map((hop) => hop.trim());
  return hops.at(-Math.min(proxies, hops.length)) || peer;
}

/** What limits count as one client: an IPv4 address, or the 64 bits of an IPv6 network, in which one client has them all. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [bare = ''] = address.split('%');
  const [head = '', tail] = bare.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  // An IPv4 address at the end stands for two groups.
  const known = first.length + last.length + (bare.includes('.') ? 1 : 0);
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - known }, () => '0');
  const groups = [...first, ...zeros, ...last].map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
  const mapped = /^(?:0:){5}ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(groups.join(':'))?.[1];
  return mapped ?? `${groups.slice(0, 4).join(':')}::/64`;
}
