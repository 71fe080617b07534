import { expect, test } from 'vitest';
import { admitsOrigin, type Origins } from './edge-config.ts';

const listed = ['https://chat.example', 'capacitor://localhost'];

test.each<[Origins, string, string, boolean]>([
  ['local', '', 'chat.example', true],
  ['local', 'http://localhost:5173', '127.0.0.1:4401', true],
  ['local', 'http://127.0.0.1:4400', 'chat.example', true],
  ['local', 'https://chat.example', 'chat.example', true],
  ['local', 'https://chat.example', 'chat.example:4401', true],
  ['local', 'http://[2001:db8::1]:4400', '[2001:DB8::1]:4401', true],
  ['local', 'https://evil.example', 'chat.example', false],
  ['local', 'https://evil.chat.example', 'chat.example', false],
  ['local', 'https://chat.example.evil.example', 'chat.example', false],
  ['local', 'http://localhost.evil.example', '127.0.0.1', false],
  ['local', 'null', 'null', false],
  ['local', 'https://evil.example', '', false],
  ['local', 'nonsense', 'nonsense', false],
  [listed, 'https://chat.example', 'node-1.example', true],
  [listed, 'capacitor://localhost', 'node-1.example', true],
  [listed, 'http://chat.example', 'node-1.example', false],
  [listed, 'http://localhost:5173', 'node-1.example', false],
  ['*', 'https://evil.example', 'chat.example', true],
])('origins %j: a page of %s on host %s is let in: %s', (origins, origin, host, expected) => {
  expect(admitsOrigin(origins, origin, host)).toBe(expected);
});
