import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** Addresses that are not of the public internet. Source: the special-purpose registries of IANA (RFC 6890). */
const PRIVATE_4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8',
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8',
  '169.254.0.0/16', // link-local, with the metadata services of clouds
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4', // multicast
  '240.0.0.0/4',
];
/** Within 2000::/3. All else of IPv6 is loopback, unique local, link-local, multicast, or leads to an IPv4 address. */
const PRIVATE_6 = [
  '2001::/23', // protocol assignments, with Teredo
  '2001:db8::/32',
  '2002::/16', // 6to4: any IPv4 address
  '3fff::/20',
];

const blocked = listOf(PRIVATE_4, PRIVATE_6);
const global = listOf([], ['2000::/3']);

function listOf(...[v4, v6]: [readonly string[], readonly string[]]): BlockList {
  const list = new BlockList();
  for (const [family, subnets] of [['ipv4', v4] as const, ['ipv6', v6] as const]) {
    for (const subnet of subnets) {
      const [network = '', prefix] = subnet.split('/');
      list.addSubnet(network, Number(prefix), family);
    }
  }
  return list;
}

/** Whether an IP address belongs to the public internet. False for what is no address. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !blocked.check(address, 'ipv4');
  const plain = address.replace(/%.*$/, '');
  return isIPv6(plain) && global.check(plain, 'ipv6') && !blocked.check(plain, 'ipv6');
}

/** Whether the host of a URL is surely not on the public internet. Names outside `localhost` (RFC 6761) may be. */
export function isPrivateHost(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return /(^|\.)localhost$/.test(address) || (isIP(address) !== 0 && !isPublicAddress(address));
}
