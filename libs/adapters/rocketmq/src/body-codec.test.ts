import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBody, encodeBody } from './body-codec.ts';

/** Bound of a publisher's batch, in UTF-16 code units. */
const MAX_BATCH = 1024 * 1024;
const BROKER_LIMIT = 4 * 1024 * 1024;

test('a body comes back as it went, whatever is in it, of any size', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 0, max: 2_000 }), async (piece, times) => {
      const body = JSON.stringify(Array.from({ length: times }, () => piece));
      expect(await decodeBody(await encodeBody(body))).toBe(body);
    }),
    { numRuns: 100 },
  );
});

test('the largest batch of a publisher fits a broker, in the script with the most bytes', async () => {
  const body = JSON.stringify(['界'.repeat(MAX_BATCH - 4)]);
  const encoded = await encodeBody(body);
  expect(encoded.body.length).toBeLessThan(BROKER_LIMIT);
  expect(await decodeBody(encoded)).toBe(body);
});

test('what cannot be made small enough is refused for good', async () => {
  const incompressible = randomBytes(5 * 1024 * 1024).toString('base64');
  await expect(encodeBody(incompressible)).rejects.toMatchObject({ code: 'content_too_large', retry: 'never' });
});

test('what is not ours to read can never be handled', async () => {
  const broken = { body: Buffer.from('not deflated'), properties: { encoding: 'deflate' } };
  await expect(decodeBody(broken)).rejects.toMatchObject({ code: 'content_invalid', retry: 'never' });
});
