import type { BlobKey, BlobStore, DirectBlobs, StoredBlob } from '@chasqui/ports';
import { BLOB_KEY_PATTERN } from '@chasqui/ports';
import { checkedKey } from './checked-key.ts';
import { S3Calls, type S3Options } from './s3-calls.ts';
import { createS3Uploads } from './s3-uploads.ts';
import { elementsIn, textIn } from './s3-xml.ts';

const PING_MS = 2_000;
/** What a large blob is given of time: a megabyte a second. */
const BYTES_A_MS = 1_000;
const KEY = new RegExp(BLOB_KEY_PATTERN);

/** Blobs in a bucket of any store that speaks S3 with Signature Version 4 and multipart uploads. */
export function createS3Blobs(options: S3Options): BlobStore & { direct: DirectBlobs } {
  const { prefix, deadlineMs } = options.config;
  const calls = new S3Calls(options);
  const { direct, abort, underWay } = createS3Uploads(calls, options.config);

  async function* objects(): AsyncGenerator<StoredBlob> {
    for (let token: string | null = null; ; ) {
      const query: { [name: string]: string } = { 'list-type': '2', prefix };
      if (token !== null) query['continuation-token'] = token;
      const { text } = await calls.text({ method: 'GET', query }, [200]);
      for (const each of elementsIn(text, 'Contents')) {
        yield { key: textIn(each, 'Key').slice(prefix.length), at: Date.parse(textIn(each, 'LastModified')) };
      }
      if (textIn(text, 'IsTruncated') !== 'true') return;
      token = textIn(text, 'NextContinuationToken');
    }
  }

  return {
    async put(key, bytes) {
      const body = bytes instanceof Blob ? bytes : Uint8Array.from(bytes);
      const size = bytes instanceof Blob ? bytes.size : bytes.length;
      const call = { method: 'PUT', key: checkedKey(key), body } as const;
      await calls.finish({ ...call, deadlineMs: deadlineMs + size / BYTES_A_MS }, [200]);
    },
    async get(key, range) {
      const headers = range === undefined ? {} : { range: `bytes=${range.from}-${range.to}` };
      const answer = await calls.call({ method: 'GET', key: checkedKey(key), headers }, [range ? 206 : 200, 404]);
      if (answer.status !== 404) return calls.pieces(answer);
      await answer.body?.cancel();
      return null;
    },
    async remove(key: BlobKey) {
      // Uploads first: nobody finishes one after it.
      await abort(key);
      await calls.finish({ method: 'DELETE', key }, [200, 204, 404]);
    },
    async *all() {
      // Other programs may have other names below the prefix.
      for await (const blob of objects()) if (KEY.test(blob.key)) yield blob;
      for await (const blob of underWay('')) if (KEY.test(blob.key)) yield blob;
    },
    ping: async () => calls.finish({ method: 'HEAD', deadlineMs: Math.min(PING_MS, deadlineMs) }, [200]),
    direct,
    async [Symbol.asyncDispose]() {},
  };
}
