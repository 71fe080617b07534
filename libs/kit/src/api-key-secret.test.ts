import { expect, test } from 'vitest';
import { apiKeyText, isSecretOf, newApiKeyId, newApiKeySecret, parseApiKey } from './api-key-secret.ts';

test('a key is read as it was made; nothing else is a key', () => {
  const keyId = newApiKeyId();
  const { secret } = newApiKeySecret();
  const text = apiKeyText(keyId, secret);
  expect(text).toMatch(/^ck_[0-9a-f]{16}_[\w-]{43}$/);
  expect(parseApiKey(text)).toEqual({ keyId, secret });
  for (const other of ['', 'ck_', text.slice(1), text.slice(0, -1), `${text}a`, text.replace(keyId, keyId.slice(1))]) {
    expect(parseApiKey(other), other).toBeNull();
  }
  expect(newApiKeySecret().secret).not.toBe(secret);
  expect(newApiKeyId()).not.toBe(keyId);
});

test('the secret before a rotation is valid until its time', () => {
  const [first, second] = [newApiKeySecret(), newApiKeySecret()];
  const key = { secretHash: first.secretHash, formerHash: '', formerUntil: 0 };
  expect(isSecretOf(key, first.secret, 5)).toBe(true);
  expect(isSecretOf(key, second.secret, 5)).toBe(false);
  const rotated = { secretHash: second.secretHash, formerHash: first.secretHash, formerUntil: 10 };
  expect(isSecretOf(rotated, second.secret, 5)).toBe(true);
  expect(isSecretOf(rotated, first.secret, 9)).toBe(true);
  expect(isSecretOf(rotated, first.secret, 10)).toBe(false);
  expect(isSecretOf(rotated, second.secret, 10)).toBe(true);
});
