import { ImError } from '@chasqui/domain';
import { BLOB_KEY_PATTERN, type BlobKey, type BlobStore, type BlobUploads } from '@chasqui/ports';

const key = new RegExp(BLOB_KEY_PATTERN);

function checked(text: BlobKey): BlobKey {
  if (key.test(text)) return text;
  throw new ImError('internal', 'this is not a blob name');
}

/** Blobs in memory, for tests. */
export function createMemoryBlobs(): BlobStore & { uploads: BlobUploads } {
  const blobs = new Map<BlobKey, Uint8Array>();
  const uploads = new Map<BlobKey, Uint8Array>();
  const either = (name: BlobKey) => uploads.get(checked(name)) ?? blobs.get(name);
  return {
    async put(name, bytes) {
      const all = bytes instanceof Blob ? await bytes.bytes() : Uint8Array.from(bytes);
      blobs.set(checked(name), all);
    },
    async get(name, range) {
      const bytes = blobs.get(checked(name));
      if (bytes === undefined) return null;
      return inPieces(range === undefined ? bytes : bytes.slice(range.from, range.to + 1));
    },
    async remove(name) {
      blobs.delete(checked(name));
      uploads.delete(name);
    },
    async *all() {
      for (const key of [...blobs.keys(), ...uploads.keys()]) yield { key, at: 0 };
    },
    async ping() {},
    uploads: {
      size: async (name) => either(name)?.length ?? 0,
      async append(name, pieces, limit) {
        checked(name);
        for await (const piece of pieces) {
          const before = uploads.get(name) ?? new Uint8Array();
          if (before.length + piece.length > limit) throw new ImError('content_too_large', `more than ${limit} bytes`);
          uploads.set(name, Buffer.concat([before, piece]));
        }
      },
      async seal(name, size) {
        if ((either(name)?.length ?? 0) < size) throw new ImError('upload_conflict', 'bytes are missing');
      },
      async read(name) {
        const bytes = either(name);
        return bytes === undefined ? null : inPieces(bytes);
      },
      async finish(name) {
        const bytes = uploads.get(checked(name));
        if (bytes === undefined) return;
        blobs.set(name, bytes);
        uploads.delete(name);
      },
    },
    async [Symbol.asyncDispose]() {},
  };
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 65_536) yield bytes.slice(from, from + 65_536);
}
