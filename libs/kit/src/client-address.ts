import { isIPv4, isIPv6 } from 'node:net';

/** The suffix of an address: a port, or the `obfport` of RFC 7239, section 6. */
const PORT = String.raw`(?::(?:\d{1,5}|_[\w.-]+))?`;
const IPV4_NODE = new RegExp(String.raw`^(\d+\.\d+\.\d+\.\d+)${PORT}$`);
const IPV6_NODE = new RegExp(String.raw`^\[([^\]]+)\]${PORT}$`);

/**
 * The address of the client that sent a request. `forwardedFor`: all lines of `X-Forwarded-For`, in order, joined by
 * commas (RFC 9110, section 5.3). `proxies`: the number of trusted proxies in front of the server. Each adds the
 * address it was called from; anybody could have written the entries before those. If the relevant entry is not an
 * address (`unknown`, an obfuscated name, garbage), the peer counts as the client, as without the header.
 */
export function clientAddress(peer: string, forwardedFor: string, proxies: number): string {
  if (proxies > 0) {
    // Empty list elements are ignored (RFC 9110, section 5.6.1).
    const hops = forwardedFor.split(',').filter((hop) => hop.trim() !== '');
    const named = nodeAddress(hops.at(-Math.min(proxies, hops.length)) ?? '');
    if (named !== null) return named;
  }
  return plainAddress(peer);
}

/**
 * Parses a node's address as RFC 7239, section 6, defines it, and as proxies write it into `X-Forwarded-For`: with or
 * without a port, IPv6 with or without brackets (without them there is no port), quoted or not. Null: not an address.
 */
function nodeAddress(text: string): string | null {
  const node = text.trim().replace(/^"(.*)"$/, '$1');
  const address = IPV4_NODE.exec(node)?.[1] ?? IPV6_NODE.exec(node)?.[1] ?? node;
  if (isIPv4(address)) return node.startsWith('[') ? null : address;
  return isIPv6(address) ? plainAddress(address) : null;
}

/** An address without its zone. An IPv4 client of an IPv6 listener becomes IPv4, in whichever form it is written. */
export function plainAddress(address: string): string {
  if (!isIPv6(address)) return address;
  const [bare = ''] = address.split('%');
  const groups = groupsOf(bare);
  const isMapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (!isMapped) return bare;
  const [high = 0, low = 0] = groups.slice(6);
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/**
 * What limits count as one client: an IPv4 address or an IPv6 /64 network, because a client can use all addresses of
 * its network.
 */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const network = groupsOf(plain).slice(0, 4);
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}

/** The eight groups of an IPv6 address without a zone. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const first = numbersOf(head);
  if (tail === undefined) return first;
  const last = numbersOf(tail);
  return [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
}

/** The values of groups; an IPv4 address at the end stands for two. */
function numbersOf(groups: string): number[] {
  if (groups === '') return [];
  return groups.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
