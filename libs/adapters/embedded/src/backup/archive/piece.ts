import { createHash } from 'node:crypto';
import { constants as zlib, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Files are cut into pieces of this length; only a file's last one is shorter. */
export const PIECE_BYTES = 64 * 1024;
/** The length of a piece's name. */
export const NAME_BYTES = 32;
const PLAIN = 0;
const PACKED = 1;
const LEVEL = { params: { [zlib.ZSTD_c_compressionLevel]: 1 } };

/** A piece's name: the SHA-256 of its content, a character a byte. */
export type PieceName = string;

export function nameOf(content: Uint8Array): PieceName {
  return createHash('sha256').update(content).digest().toString('latin1');
}

/** A piece as it is stored: compressed, where that makes it smaller. */
export function storedForm(content: Uint8Array): Buffer {
  const packed = zstdCompressSync(content, LEVEL);
  return packed.length < content.length
    ? Buffer.concat([Buffer.of(PACKED), packed])
    : Buffer.concat([Buffer.of(PLAIN), content]);
}

/** The content of a stored piece of this name; null: it is damaged. */
export function contentOf(name: PieceName, stored: Buffer): Buffer | null {
  try {
    const body = stored.subarray(1);
    const content = stored[0] === PACKED ? zstdDecompressSync(body, { maxOutputLength: PIECE_BYTES }) : body;
    return nameOf(content) === name ? content : null;
  } catch {
    return null;
  }
}
