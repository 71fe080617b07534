import { createHash } from 'node:crypto';
import type { FileEdit, MediaFiles } from '@chasqui/ports';

/** Copies of uploads in memory, for tests. Nothing looks into them. */
export function createMemoryMediaFiles(): MediaFiles {
  return {
    hasPictures: false,
    async open(pieces) {
      const bytes = Buffer.concat(await Array.fromAsync(pieces));
      return {
        size: bytes.length,
        read: async (from, length) => bytes.subarray(from, from + length),
        async *pieces() {
          yield bytes;
        },
        async edited(edits) {
          const made = withEdits(bytes, edits);
          const sha256 = createHash('sha256').update(made).digest('hex');
          return { blob: new Blob([Uint8Array.from(made)]), size: made.length, sha256 };
        },
        look: async () => ({ media: { omitted: 'unavailable' }, thumbnails: [] }),
        squares: async () => ({ media: { omitted: 'unavailable' }, thumbnails: [] }),
        async [Symbol.asyncDispose]() {},
      };
    },
    async [Symbol.asyncDispose]() {},
  };
}

function withEdits(bytes: Buffer, edits: readonly FileEdit[]): Buffer {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { from, to, bytes: others } of edits) {
    parts.push(bytes.subarray(at, from), others);
    at = to;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]);
}
