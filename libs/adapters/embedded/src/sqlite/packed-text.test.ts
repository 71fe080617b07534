import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packText, unpackText } from './packed-text.ts';

test('a text comes back as it was, short or long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(500), (text, times) => {
      const long = text.repeat(times);
      expect(unpackText(packText(long))).toBe(long);
    }),
  );
});

test('a long text takes less, and each flipped bit of it is noticed', () => {
  const text = JSON.stringify(Array.from({ length: 200 }, (_, n) => ({ conversation: n, preview: 'hello' })));
  const packed = packText(text);
  expect(packed).toBeInstanceOf(Buffer);
  expect(packed.length).toBeLessThan(text.length / 3);
  for (let bit = 0; bit < packed.length * 8; bit++) {
    const spoilt = Buffer.from(packed as Buffer);
    spoilt[bit >> 3] = (spoilt[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => unpackText(spoilt)).toThrow('damaged');
  }
});
