import { expect, test } from 'vitest';
import { clientAddress, networkOf } from './client-address.ts';

test.each([
  ['10.0.0.1', '', 0, '10.0.0.1'],
  ['10.0.0.1', '6.6.6.6', 0, '10.0.0.1'],
  ['10.0.0.1', '192.0.2.7', 1, '192.0.2.7'],
  ['10.0.0.1', '6.6.6.6, 192.0.2.7', 1, '192.0.2.7'],
  ['10.0.0.1', '6.6.6.6, 192.0.2.7 ,10.0.0.9', 2, '192.0.2.7'],
  ['10.0.0.1', '192.0.2.7', 3, '192.0.2.7'],
  ['10.0.0.1', '', 1, '10.0.0.1'],
  ['10.0.0.1', '6.6.6.6,', 1, '10.0.0.1'],
])('from %s with X-Forwarded-For "%s" behind %i proxies it is %s', (peer, header, proxies, expected) => {
  expect(clientAddress(peer, header, proxies)).toBe(expected);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ['', ''],
  ['not an address', 'not an address'],
])('%s counts as %s', (address, expected) => {
  expect(networkOf(address)).toBe(expected);
});
