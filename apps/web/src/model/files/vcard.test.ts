import { expect, test } from 'vitest';
import { vcardOf } from './vcard.ts';

test('has the name, the user id and the address', () => {
  expect(vcardOf({ userId: 'bob', name: 'Bob; Ross, "Jr."' }, 'https://chat.example/#/bob')).toBe(
    [
      'BEGIN:VCARD',
      'VERSION:4.0',
      'FN:Bob\\; Ross\\, "Jr."',
      'NICKNAME:bob',
      'URL:https://chat.example/#/bob',
      'END:VCARD',
      '',
    ].join('\r\n'),
  );
});

test('no name adds a property', () => {
  const lines = vcardOf({ userId: 'eve', name: 'Eve\r\nTEL:+1555\nX:y\u0000' }, 'https://chat.example/').split('\r\n');
  expect(lines).toContain('FN:Eve\\nTEL:+1555\\nX:y');
  expect(lines.some((line) => line.startsWith('TEL') || line.startsWith('X:'))).toBe(false);
});

test('lines have 75 octets at most, and no character is split', () => {
  const name = '长'.repeat(60);
  const card = vcardOf({ userId: 'li', name }, 'https://chat.example/');
  for (const line of card.split('\r\n')) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
  expect(card.replaceAll('\r\n ', '')).toContain(`FN:${name}`);
});
