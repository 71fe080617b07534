import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Sha256Digest } from './sha256.ts';

const digestOf = (...pieces: Uint8Array[]) => {
  const hash = new Sha256Digest();
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
};

test('is that of FIPS 180-4 for its examples, and for a million letters', () => {
  const text = (letters: string) => new TextEncoder().encode(letters);
  expect(digestOf(text('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(digestOf()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(digestOf(text('a'.repeat(1_000_000)))).toBe(
    'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  );
});

test('is that of another implementation, in whatever pieces the bytes come', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 9 }), (pieces) => {
      expect(digestOf(...pieces)).toBe(createHash('sha256').update(Buffer.concat(pieces)).digest('hex'));
    }),
    { numRuns: 500 },
  );
});
