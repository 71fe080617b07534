import { expect, test } from 'vitest';
import { BROWSER_PUSH_SERVICES, pushEndpointOf } from './push-endpoint.ts';

const rule = { hosts: [...BROWSER_PUSH_SERVICES, 'push.example:8443', '*.own.example:9000'], allowHttp: false };

test.each([
  'https://fcm.googleapis.com/fcm/send/abc',
  'https://fcm.googleapis.com:443/fcm/send/abc',
  'https://web.push.apple.com/x?y=z',
  'https://push.example:8443/x',
  'https://a.b.own.example:9000/',
])('a subscription may lead to %s', (endpoint) => {
  expect(pushEndpointOf(endpoint, rule)?.href).toBe(new URL(endpoint).href);
});

test.each([
  ['another port', 'https://fcm.googleapis.com:22/x'],
  ['another port than the one that is named', 'https://push.example/x'],
  ['a port below a wildcard', 'https://a.own.example/x'],
  ['a user', 'https://user@fcm.googleapis.com/x'],
  ['a user and a password', 'https://user:password@fcm.googleapis.com/x'],
  ['a password alone', 'https://:password@fcm.googleapis.com/x'],
  ['a fragment', 'https://fcm.googleapis.com/x#y'],
  ['no TLS', 'http://fcm.googleapis.com/x'],
  ['another protocol', 'ftp://fcm.googleapis.com/x'],
  ['another host', 'https://127.0.0.1/x'],
  ['a host that ends alike', 'https://evilfcm.googleapis.com/x'],
  ['a host that begins alike', 'https://fcm.googleapis.com.evil.example/x'],
  ['the wildcard itself', 'https://push.apple.com/x'],
  ['a host behind an at sign', 'https://fcm.googleapis.com@127.0.0.1/x'],
  ['no address', 'fcm.googleapis.com'],
  ['no text', 7],
])('C15: a subscription with %s leads nowhere', (_, endpoint) => {
  expect(pushEndpointOf(endpoint, rule)).toBeUndefined();
});

test('without TLS only where the configuration says so, and then at any port', () => {
  const lax = { hosts: ['127.0.0.1'], allowHttp: true };
  expect(pushEndpointOf('http://127.0.0.1:5000/x', lax)?.port).toBe('5000');
  expect(pushEndpointOf('http://user:word@127.0.0.1:5000/x', lax)).toBeUndefined();
  expect(pushEndpointOf('https://127.0.0.1:5000/x', lax)).toBeUndefined();
});
