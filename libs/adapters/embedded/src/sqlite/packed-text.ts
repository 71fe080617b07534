import { constants as zlib, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { sealed, unsealed } from './sealed.ts';

/** A call costs some 30 µs however short the text is: shorter texts are stored as they are. */
const PACKED_FROM = 2_000;
/** The fastest level at which JSON still becomes a third of its size; a small window, as tables for it are cleared each time. */
const LEVEL = { params: { [zlib.ZSTD_c_compressionLevel]: 1, [zlib.ZSTD_c_windowLog]: 17 } };

/** A text to be stored: a long one is compressed, and has a checksum. */
export function packText(text: string): string | Buffer {
  return text.length < PACKED_FROM ? text : sealed(zstdCompressSync(text, LEVEL));
}

/** The text that was packed. Errors: an `Error` for one that is damaged. */
export function unpackText(packed: string | Uint8Array): string {
  if (typeof packed === 'string') return packed;
  const bytes = unsealed(Buffer.from(packed.buffer, packed.byteOffset, packed.length));
  if (bytes === null) throw new Error('a compressed text is damaged');
  return zstdDecompressSync(bytes).toString();
}
