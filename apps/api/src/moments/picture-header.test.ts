import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPictureHeader } from './picture-header.ts';

const webp = (chunk: string, rest: number[]) =>
  Buffer.concat([Buffer.from(`RIFF\0\0\0\0WEBP${chunk}\0\0\0\0`, 'latin1'), Buffer.from(rest), Buffer.alloc(20)]);
const frame = (marker: number) => Buffer.from([0xff, marker, 0, 17, 8, 0x01, 0x02, 0x03, 0x04, 3, 0, 0, 0, 0, 0]);
const segment = (marker: number, length: number) => {
  const bytes = Buffer.alloc(Math.max(4, length + 2));
  bytes.set([0xff, marker, length >> 8, length & 0xff]);
  return bytes;
};
const START = Buffer.from([0xff, 0xd8]);

describe('the header of a picture', () => {
  test.each([0xc0, 0xc1, 0xc2, 0xcf])(
    'JPEG: a frame that begins with the marker %i, after large segments',
    (marker) => {
      const before = [START, segment(0xe1, 0xffff), segment(0xc4, 60), Buffer.from([0xff]), segment(0xe2, 40_000)];
      expect(readPictureHeader(Buffer.concat([...before, frame(marker)]))).toEqual({
        type: 'image/jpeg',
        width: 0x0304,
        height: 0x0102,
      });
    },
  );

  test.each([
    ['no frame', [segment(0xe0, 40)]],
    ['a segment without a length', [segment(0xe0, 0), frame(0xc0)]],
    ['a segment that is longer than the file', [segment(0xe0, 60).subarray(0, 30)]],
    ['data before a frame', [Buffer.from([0xff, 0xda, 0, 2, 1, 2]), frame(0xc0)]],
    ['the end before a frame', [Buffer.from([0xff, 0xd9]), frame(0xc0)]],
  ])('JPEG with %s is none', (_, parts) => {
    expect(readPictureHeader(Buffer.concat([START, ...parts]))).toBeNull();
  });

  test('WebP: lossy, lossless, extended; what is none of them is none', () => {
    const type = 'image/webp';
    const lossy = webp('VP8 ', [0, 0, 0, 0x9d, 0x01, 0x2a, 0x05, 0x40, 0x06, 0x00]);
    expect(readPictureHeader(lossy)).toEqual({ type, width: 5, height: 6 });
    const lossless = webp('VP8L', [0x2f, 0x04, 0x40, 0x01, 0x00]);
    expect(readPictureHeader(lossless)).toEqual({ type, width: 5, height: 6 });
    expect(readPictureHeader(webp('VP8X', [0, 0, 0, 0, 4, 0, 0, 5, 0, 0]))).toEqual({ type, width: 5, height: 6 });
    expect(readPictureHeader(webp('VP8 ', [0, 0, 0, 1, 2, 3, 5, 0, 6, 0]))).toBeNull();
    expect(readPictureHeader(webp('VP8L', [0, 4, 0x40, 1, 0]))).toBeNull();
    expect(readPictureHeader(webp('ALPH', []))).toBeNull();
  });

  test('a side of nothing is no picture', () => {
    expect(readPictureHeader(Buffer.from('GIF89a\x00\x00\x05\x00\0\0\0\0', 'latin1'))).toBeNull();
    expect(readPictureHeader(Buffer.from('GIF89a\x01\x00\x05\x00\0\0\0\0', 'latin1'))).toMatchObject({
      width: 1,
      height: 5,
    });
  });

  test.each([
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    '<!doctype html><img src=x onerror=alert(1)>',
    '%PDF-1.7 …',
    'BM6\0\0\0',
    'II*\0\b\0\0\0',
    '',
  ])('%j is none', (text) => {
    expect(readPictureHeader(Buffer.from(text.padEnd(64, ' ')))).toBeNull();
    expect(readPictureHeader(Buffer.from(text))).toBeNull();
  });

  test('C15: whatever follows a good beginning, it is answered and never fails', () => {
    const beginnings = [START, 'GIF89a', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'RIFF\0\0\0\0WEBPVP8X'].map((text) =>
      Buffer.from(text as string, 'latin1'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 300 }), (beginning, rest) => {
        const header = readPictureHeader(Buffer.concat([beginning, rest]));
        expect(header === null || (header.width > 0 && header.height > 0)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('C16: content that is made to be slow takes a step for each segment, not for each byte', () => {
    const bytes = Buffer.alloc(5 * 1024 * 1024);
    for (const fill of [0x00, 0xff]) {
      bytes.fill(fill);
      bytes.set(START);
      const began = performance.now();
      expect(readPictureHeader(bytes)).toBeNull();
      expect(performance.now() - began).toBeLessThan(500);
    }
  });
});
