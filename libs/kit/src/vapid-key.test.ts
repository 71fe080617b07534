import { createECDH } from 'node:crypto';
import { expect, test } from 'vitest';
import { vapidKeyText } from './vapid-key.ts';

test('a private key has 32 bytes, also one that starts with zeros, which Node leaves out', () => {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(Buffer.concat([Buffer.alloc(2), Buffer.alloc(30, 7)]));
  expect(pair.getPrivateKey()).toHaveLength(30);
  const text = vapidKeyText(pair.getPrivateKey());
  expect(Buffer.from(text, 'base64url')).toHaveLength(32);
  const publicKey = pair.getPublicKey('hex');
  pair.setPrivateKey(text, 'base64url');
  expect(pair.getPublicKey('hex')).toBe(publicKey);
});
