import { expect, test } from 'vitest';
import { isPrivateHost, isPublicAddress } from './public-address.ts';

test.each([
  ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '10.1.2.3', '100.64.0.1', '100.127.255.255', '169.254.169.254'],
  ...['172.16.0.1', '172.31.255.255', '192.168.0.1', '192.0.0.8', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::ffff:8.8.8.8', '::ffff:10.0.0.1', '64:ff9b::a00:1', 'fe80::1', 'fe80::1%eth0', 'fc00::1'],
  ...['fd12:3456::1', 'ff02::1', '2001:db8::1', '2001::1', '2002:a00:1::', '3fff::1', 'localhost', '', '1.2.3'],
])('C15: %s is not of the public internet', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  ...['8.8.8.8', '1.1.1.1', '100.63.255.255', '100.128.0.1', '172.15.0.1', '172.32.0.1', '192.167.1.1'],
  ...['2001:4860:4860::8888', '2606:4700::1111', '2a00:1450::1'],
])('%s is of the public internet', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test('a host is private if it is an address outside the public internet, in brackets too, or localhost', () => {
  for (const host of ['127.0.0.1', '[::1]', 'localhost', 'localhost.', 'a.localhost', '10.0.0.1'])
    expect(isPrivateHost(host), host).toBe(true);
  for (const host of ['8.8.8.8', '[2606:4700::1111]', 'shop.example', 'mylocalhost'])
    expect(isPrivateHost(host), host).toBe(false);
});
