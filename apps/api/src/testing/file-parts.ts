import { crc32 } from 'node:zlib';
import type { FileBytes } from '@chasqui/ports';

/** What a camera writes of a place; no file that readers get may have it. */
export const SECRET = 'GPS:47.3769N 8.5417E';

export function fileOf(bytes: Buffer): FileBytes {
  return { size: bytes.length, read: async (from, length) => bytes.subarray(from, from + length) };
}

/** An Exif block with the secret and an orientation. */
export function exif(orientation = 6, order: 'II' | 'MM' = 'II'): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write(order, 0, 'latin1');
  const [u16, u32] =
    order === 'II'
      ? [tiff.writeUInt16LE.bind(tiff), tiff.writeUInt32LE.bind(tiff)]
      : [tiff.writeUInt16BE.bind(tiff), tiff.writeUInt32BE.bind(tiff)];
  u16(42, 2);
  u32(8, 4);
  u16(1, 8);
  u16(0x0112, 10);
  u16(3, 12);
  u32(1, 14);
  u16(orientation, 18);
  return Buffer.concat([tiff, Buffer.from(SECRET)]);
}

export function segment(marker: number, data: string | Buffer): Buffer {
  const bytes = Buffer.from(data as string, 'latin1');
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([head, bytes]);
}

export function chunk(name: string, data: string | Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), Buffer.from(data as string)]);
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(named.length - 4);
  crc.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, crc]);
}

/** A chunk of RIFF. */
export function riff(name: string, data: string | Buffer): Buffer {
  const bytes = Buffer.from(data as string);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from(name), length, bytes, Buffer.alloc(bytes.length & 1)]);
}

export function webp(...chunks: Buffer[]): Buffer {
  const all = riff('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));
  return all;
}

/** A block of GIF's extensions. */
export function extension(label: number, ...blocks: string[]): Buffer {
  const parts = blocks.map((text) => Buffer.concat([Buffer.of(text.length), Buffer.from(text)]));
  return Buffer.concat([Buffer.of(0x21, label), ...parts, Buffer.of(0)]);
}

/** A box of MP4. */
export function box(type: string, ...parts: (string | Buffer)[]): Buffer {
  const all = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(all.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, all]);
}

export function numbers(...bytes: number[]): Buffer {
  return Buffer.from(bytes);
}
