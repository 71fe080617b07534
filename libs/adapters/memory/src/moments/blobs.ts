import { ImError } from '@chasqui/domain';
import { BLOB_KEY_PATTERN, type BlobKey, type BlobStore } from '@chasqui/ports';

const key = new RegExp(BLOB_KEY_PATTERN);

function checked(text: BlobKey): BlobKey {
  if (key.test(text)) return text;
  throw new ImError('internal', 'this is not a blob name');
}

/** Blobs in memory, for tests. */
export function createMemoryBlobs(): BlobStore {
  const blobs = new Map<BlobKey, Uint8Array>();
  return {
    async put(name, bytes) {
      blobs.set(checked(name), Uint8Array.from(bytes));
    },
    async get(name) {
      const bytes = blobs.get(checked(name));
      return bytes === undefined ? null : inPieces(bytes);
    },
    async remove(name) {
      blobs.delete(checked(name));
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 65_536) yield bytes.slice(from, from + 65_536);
}
