import { crc32 } from 'node:zlib';

const CHECKSUM_BYTES = 4;

/** The bytes with a checksum before them. */
export function sealed(bytes: Buffer): Buffer {
  const whole = Buffer.allocUnsafe(CHECKSUM_BYTES + bytes.length);
  whole.writeUInt32LE(crc32(bytes), 0);
  bytes.copy(whole, CHECKSUM_BYTES);
  return whole;
}

/** Null: the bytes are not those that were sealed. */
export function unsealed(whole: Buffer): Buffer | null {
  if (whole.length < CHECKSUM_BYTES) return null;
  const bytes = whole.subarray(CHECKSUM_BYTES);
  return whole.readUInt32LE(0) === crc32(bytes) ? bytes : null;
}
