import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { publicAddress } from './public-address.ts';

function addressOf(headers: { [name: string]: string }, proxies: number) {
  const socket = { localAddress: '::1', localPort: 4400 };
  return publicAddress({ headers, socket } as unknown as IncomingMessage, proxies);
}
const plain = { secure: false, prefix: '' };

test('the host that was called, with its port, in brackets if it is IPv6', () => {
  for (const host of ['localhost:4400', '192.168.1.5:4400', '[fd00::2]:4400', '[::1]', 'chat.example']) {
    expect(addressOf({ host }, 0)).toEqual({ ...plain, host });
  }
});

test('C15: what is no host counts as none: the address that was connected to stands for it', () => {
  for (const host of ['', 'a/b', 'user@chat.example', 'x"onload="y', 'a b', 'a:123456', '[::1']) {
    expect(addressOf({ host }, 0)).toEqual({ ...plain, host: '[::1]:4400' });
  }
});

test('C15: forwarded headers count behind proxies of one’s own alone, and the outermost of these is believed', () => {
  const headers = {
    host: 'inner:4400',
    'x-forwarded-proto': 'http, https, http',
    'x-forwarded-host': 'evil.example, chat.example, middle',
    'x-forwarded-prefix': '/chat/',
  };
  expect(addressOf(headers, 0)).toEqual({ ...plain, host: 'inner:4400' });
  expect(addressOf(headers, 1)).toEqual({ secure: false, host: 'middle', prefix: '/chat' });
  expect(addressOf(headers, 2)).toEqual({ secure: true, host: 'chat.example', prefix: '/chat' });
});

test('C15: a forwarded value that is neither a host, a scheme nor a path is ignored', () => {
  for (const prefix of ['//evil.example', '/a/../b', '/a?b', 'chat', '/a"', '/%2e']) {
    const headers = {
      host: 'x',
      'x-forwarded-prefix': prefix,
      'x-forwarded-proto': 'javascript',
      'x-forwarded-host': '/',
    };
    expect(addressOf(headers, 1)).toEqual({ ...plain, host: 'x' });
  }
});
