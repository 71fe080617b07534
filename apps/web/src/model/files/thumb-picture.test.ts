import type { AttachedFile } from '@chasqui/domain';
import { rgbaToThumbHash } from 'thumbhash';
import { expect, it } from 'vitest';
import { thumbPicture } from './thumb-picture.ts';

const fileWith = (thumbHash?: string) =>
  ({ id: 'f', name: 'a.png', size: 1, type: 'image/png', ...(thumbHash && { media: { thumbHash } }) }) as AttachedFile;

it('a file’s ThumbHash is drawn as a small picture of its colours and ratio', () => {
  const red = new Uint8Array(Array.from({ length: 60 * 30 }, () => [200, 20, 20, 255]).flat());
  const hash = Buffer.from(rgbaToThumbHash(60, 30, red)).toString('base64');
  const address = thumbPicture(fileWith(hash)) ?? '';
  const png = Buffer.from(address.replace('data:image/png;base64,', ''), 'base64');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  expect([width, Math.round(width / height)]).toEqual([32, 2]);
  // Stored without compression: the first pixel is behind the heads of the picture and of its first row.
  const [r = 0, g = 0, b = 0] = png.subarray(49, 52);
  expect([r > 150, g < 60, b < 60]).toEqual([true, true, true]);
  expect(thumbPicture(fileWith(hash))).toBe(address);
});

it('a file without one has none, and one that says nothing does no harm', () => {
  expect(thumbPicture(fileWith())).toBeUndefined();
  for (const hash of ['AAAAAAA=', '////////', 'AAAAAACA']) expect(thumbPicture(fileWith(hash))).toMatch(/^data:image/);
});
