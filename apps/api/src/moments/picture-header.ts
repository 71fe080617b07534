import { ImError, MOMENT_LIMITS, PICTURE_TYPES, type Picture, type PictureType } from '@chasqui/domain';

/** The facts that a picture's first bytes give. */
export interface PictureHeader {
  type: PictureType;
  /** In pixels. */
  width: number;
  height: number;
}

type Size = Omit<PictureHeader, 'type'>;

interface Format {
  type: PictureType;
  /** Null: the bytes are of another type, or broken. */
  sizeOf(bytes: Buffer): Size | null;
}

const FORMATS: readonly Format[] = [
  { type: 'image/png', sizeOf: pngSize },
  { type: 'image/jpeg', sizeOf: jpegSize },
  { type: 'image/webp', sizeOf: webpSize },
  { type: 'image/gif', sizeOf: gifSize },
];

/**
 * Type and size of a picture by its content, whatever its name or declared type; null: not an accepted type. Reads only
 * headers, in steps that each move forward, so no content makes it slow.
 */
export function readPictureHeader(bytes: Buffer): PictureHeader | null {
  for (const { type, sizeOf } of FORMATS) {
    const size = sizeOf(bytes);
    if (size !== null) return size.width > 0 && size.height > 0 ? { type, ...size } : null;
  }
  return null;
}

/** PNG (W3C, third edition), 5.2 and 11.2.1: the signature, then IHDR. */
function pngSize(bytes: Buffer): Size | null {
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))) return null;
  if (bytes.readUInt32BE(8) !== 13 || bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** GIF87a and GIF89a, section 18. */
function gifSize(bytes: Buffer): Size | null {
  if (bytes.length < 13 || !/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) return null;
  return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

/** ITU-T T.81, B.1 and B.2: segments up to the one that starts the frame. */
function jpegSize(bytes: Buffer): Size | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const startsFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (startsFrame) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    const length = bytes.readUInt16BE(at + 2);
    const hasLength = marker >= 0xc0 && marker !== 0xd9 && !(marker >= 0xd0 && marker <= 0xd7);
    if (!hasLength || length < 2) return null;
    at += 2 + length;
  }
  return null;
}

/** RFC 9649, sections 2.4 to 2.7. */
function webpSize(bytes: Buffer): Size | null {
  if (bytes.length < 30 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') {
    return null;
  }
  const chunk = bytes.toString('latin1', 12, 16);
  if (chunk === 'VP8X') return { width: 1 + bytes.readUIntLE(24, 3), height: 1 + bytes.readUIntLE(27, 3) };
  if (chunk === 'VP8L' && bytes[20] === 0x2f) {
    const packed = bytes.readUInt32LE(21);
    return { width: 1 + (packed & 0x3fff), height: 1 + ((packed >>> 14) & 0x3fff) };
  }
  if (chunk !== 'VP8 ' || bytes.readUIntBE(23, 3) !== 0x9d012a) return null;
  return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
}

/** Errors: `content_invalid` for bytes that are not a picture, and for one that is too large to be shown. */
export function checkPicture(bytes: Buffer): Omit<Picture, 'pictureId'> {
  const header = readPictureHeader(bytes);
  if (header === null) {
    const types = PICTURE_TYPES.map((type) => type.slice('image/'.length).toUpperCase()).join(', ');
    throw new ImError('content_invalid', `the body is not a picture of a supported type (${types})`, { field: 'body' });
  }
  const { width, height } = header;
  const { maxPictureSide, maxPicturePixels } = MOMENT_LIMITS;
  if (Math.max(width, height) > maxPictureSide || width * height > maxPicturePixels) {
    const most = `${maxPictureSide} along each side, ${maxPicturePixels} in all`;
    throw new ImError('content_invalid', `the picture has too many pixels (${width} × ${height}): at most ${most}`, {
      field: 'body',
    });
  }
  return { ...header, bytes: bytes.length };
}
