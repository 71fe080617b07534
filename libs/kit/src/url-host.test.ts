import { expect, test } from 'vitest';
import { hostInUrl, isWildcard, localHost } from './url-host.ts';

test.each([
  ['127.0.0.1', '127.0.0.1', '127.0.0.1', false],
  ['chat.example', 'chat.example', 'chat.example', false],
  ['::1', '[::1]', '::1', false],
  ['2001:db8::7', '[2001:db8::7]', '2001:db8::7', false],
  ['0.0.0.0', '0.0.0.0', '127.0.0.1', true],
  ['::', '[::]', '::1', true],
])('%s is %s in a URL, and %s for programs of this machine', (host, inUrl, local, wildcard) => {
  expect([hostInUrl(host), localHost(host), isWildcard(host)]).toEqual([inUrl, local, wildcard]);
});
