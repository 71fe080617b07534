import { expect, test } from 'vitest';
import { clientAddress, networkOf, plainAddress } from './client-address.ts';

test.each([
  ['10.0.0.1', '', 0, '10.0.0.1'],
  ['10.0.0.1', '6.6.6.6', 0, '10.0.0.1'],
  ['10.0.0.1', '192.0.2.7', 1, '192.0.2.7'],
  ['10.0.0.1', '6.6.6.6, 192.0.2.7', 1, '192.0.2.7'],
  ['10.0.0.1', '6.6.6.6, 192.0.2.7 ,10.0.0.9', 2, '192.0.2.7'],
  ['10.0.0.1', '192.0.2.7', 3, '192.0.2.7'],
  ['10.0.0.1', '', 1, '10.0.0.1'],
  ['::ffff:10.0.0.1', '', 1, '10.0.0.1'],
  // Empty elements do not count.
  ['10.0.0.1', '6.6.6.6,', 1, '6.6.6.6'],
  ['10.0.0.1', ' , 6.6.6.6,,\t192.0.2.7, ,', 2, '6.6.6.6'],
  ['10.0.0.1', ' , ,', 1, '10.0.0.1'],
])('from %s with X-Forwarded-For "%s" behind %i proxies it is %s', (peer, header, proxies, expected) => {
  expect(clientAddress(peer, header, proxies)).toBe(expected);
});

test.each([
  ['203.0.113.9:20001', '203.0.113.9'],
  ['203.0.113.9:_hidden', '203.0.113.9'],
  ['[2001:db8::9]:443', '2001:db8::9'],
  ['[2001:db8::9]', '2001:db8::9'],
  ['"[2001:db8::9]:443"', '2001:db8::9'],
  ['2001:db8::9', '2001:db8::9'],
  // Without brackets, the whole text is the address.
  ['2001:db8::9:443', '2001:db8::9:443'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['[::ffff:cb00:7109]:1234', '203.0.113.9'],
])('the entry %s, with its port or without, is the client %s', (entry, expected) => {
  expect(clientAddress('10.0.0.1', `6.6.6.6, ${entry}`, 1)).toBe(expected);
});

test.each([
  ...['unknown', '_hidden', '_hidden:80', 'not an address', '203.0.113.9:', '203.0.113.999', '203.0.113.9:123456'],
  ...['[2001:db8::9', '2001:db8::9]:443', '[203.0.113.9]:80', '[2001:db8::9]443', '[]:80', '"', '2001:db8:::9'],
])('an entry that is no address (%s) names nobody: the proxy is the client', (entry) => {
  expect(clientAddress('10.0.0.1', `6.6.6.6, ${entry}`, 1)).toBe('10.0.0.1');
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['0000:0000:0000:0000:0000:ffff:c000:0207', '192.0.2.7'],
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

test('an IPv6 address stays as it is written, an IPv4 one within it does not', () => {
  expect(plainAddress('2001:db8::9')).toBe('2001:db8::9');
  expect(plainAddress('::FFFF:1.2.3.4')).toBe('1.2.3.4');
  expect(plainAddress('::1.2.3.4')).toBe('::1.2.3.4');
});
