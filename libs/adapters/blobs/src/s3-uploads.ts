import { ImError } from '@chasqui/domain';
import type { BlobKey, DirectBlobs, MissingParts, SignedPart, StoredBlob } from '@chasqui/ports';
import { checkedKey } from './checked-key.ts';
import type { S3Config } from './config.ts';
import type { S3Calls } from './s3-calls.ts';
import { elementsIn, escaped, textIn } from './s3-xml.ts';

/** Bytes of a part. S3 takes 10,000 parts of at least 5 MiB, so a file may have 78 GiB. */
const PART_BYTES = 8 * 1024 * 1024;
/** S3 puts the parts together before it answers. */
const COMPLETE_MS = 50_000;

interface Under extends StoredBlob {
  uploadId: string;
}

interface Part {
  number: number;
  size: number;
  etag: string;
}

/**
 * Uploads as multipart uploads of S3, files of one part too. There is one for each key, as it is begun once. Only this
 * process can complete it, and then it is gone: the parts' addresses are worth nothing any more, so that nothing
 * changes what is checked afterwards. Aborted, it takes no parts either, so that none is left behind.
 */
export function createS3Uploads(calls: S3Calls, { prefix, publicEndpoint, linkS }: S3Config) {
  /** The uploads of keys that begin like that. */
  async function* underWay(start: string): AsyncGenerator<Under> {
    for (let marker = {}; ; ) {
      const query = { uploads: '', prefix: prefix + start, ...marker };
      const { text } = await calls.text({ method: 'GET', query }, [200]);
      for (const each of elementsIn(text, 'Upload')) {
        const key = textIn(each, 'Key').slice(prefix.length);
        yield { key, uploadId: textIn(each, 'UploadId'), at: Date.parse(textIn(each, 'Initiated')) };
      }
      if (textIn(text, 'IsTruncated') !== 'true') return;
      marker = {
        'key-marker': textIn(text, 'NextKeyMarker'),
        'upload-id-marker': textIn(text, 'NextUploadIdMarker'),
      };
    }
  }

  async function uploadOf(key: BlobKey): Promise<string | null> {
    for await (const each of underWay(checkedKey(key))) if (each.key === key) return each.uploadId;
    return null;
  }

  /** In the order of their numbers; null: there is no such upload any more. */
  async function partsOf(key: BlobKey, uploadId: string): Promise<Part[] | null> {
    const parts: Part[] = [];
    for (let marker = {}; ; ) {
      const { status, text } = await calls.text({ method: 'GET', key, query: { uploadId, ...marker } }, [200, 404]);
      if (status === 404) return null;
      for (const each of elementsIn(text, 'Part')) {
        const [number, size] = [Number(textIn(each, 'PartNumber')), Number(textIn(each, 'Size'))];
        parts.push({ number, size, etag: textIn(each, 'ETag') });
      }
      if (textIn(text, 'IsTruncated') !== 'true') return parts;
      marker = { 'part-number-marker': textIn(text, 'NextPartNumberMarker') };
    }
  }

  async function sizeOfBlob(key: BlobKey): Promise<number> {
    const answer = await calls.call({ method: 'HEAD', key }, [200, 404]);
    return answer.status === 404 ? 0 : Number(answer.headers.get('content-length'));
  }

  async function size(key: BlobKey): Promise<number> {
    const uploadId = await uploadOf(key);
    const parts = uploadId === null ? null : await partsOf(key, uploadId);
    return parts === null ? sizeOfBlob(key) : sumOf(parts);
  }

  async function signed(key: BlobKey, uploadId: string, whole: number, number: number): Promise<SignedPart> {
    const from = (number - 1) * PART_BYTES;
    const bytes = Math.min(PART_BYTES, whole - from);
    const query = { partNumber: String(number), uploadId };
    // The signed length is all that bounds what a client can put there.
    const url = await calls.link('PUT', key, query, { 'content-length': String(bytes) });
    return { number, from, size: bytes, url };
  }

  async function missing(key: BlobKey, whole: number, limit: number): Promise<MissingParts | null> {
    const uploadId = await uploadOf(key);
    const there = uploadId === null ? null : await partsOf(key, uploadId);
    if (uploadId === null || there === null) return null;
    return lacking(key, { uploadId, whole, limit, there });
  }

  async function lacking(
    key: BlobKey,
    { uploadId, whole, limit, there }: { uploadId: string; whole: number; limit: number; there: readonly Part[] },
  ): Promise<MissingParts> {
    const numbers = new Set(there.map(({ number }) => number));
    const parts: SignedPart[] = [];
    for (let number = 1; (number - 1) * PART_BYTES < whole && parts.length < limit; number++) {
      if (!numbers.has(number)) parts.push(await signed(key, uploadId, whole, number));
    }
    return { sent: sumOf(there), parts, expiresInS: linkS };
  }

  async function seal(key: BlobKey, whole: number): Promise<void> {
    const uploadId = await uploadOf(key);
    const parts = uploadId === null ? null : await partsOf(key, uploadId);
    if (uploadId !== null && parts !== null) {
      const there = sumOf(parts);
      if (there !== whole) throw new ImError('upload_conflict', `${there} of ${whole} bytes are there`);
      await complete(key, uploadId, parts);
    }
    if ((await sizeOfBlob(key)) < whole)
      throw new ImError('upload_conflict', 'the upload is being completed, or is gone');
  }

  async function complete(key: BlobKey, uploadId: string, parts: readonly Part[]): Promise<void> {
    const list = parts.map(
      ({ number, etag }) => `<Part><PartNumber>${number}</PartNumber><ETag>${escaped(etag)}</ETag></Part>`,
    );
    const xml = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`;
    const call = { method: 'POST', key, query: { uploadId }, body: Uint8Array.from(Buffer.from(xml)) } as const;
    // 404: another call has completed it. 400: a part is not the one that was listed.
    const { status, text } = await calls.text({ ...call, deadlineMs: COMPLETE_MS }, [200, 400, 404]);
    if (status === 400) throw new ImError('upload_conflict', 'the upload changes: complete it again');
    // S3 begins to answer before it knows how it ends.
    if (text.includes('<Error>') && status === 200) {
      throw new ImError('store_unavailable', `the S3 store could not put an upload together: ${textIn(text, 'Code')}`);
    }
  }

  const direct: DirectBlobs = {
    origin: publicEndpoint,
    async begin(key, whole, limit) {
      const call = { method: 'POST', key: checkedKey(key), query: { uploads: '' }, isOnce: true } as const;
      const { text } = await calls.text(call, [200]);
      return lacking(key, { uploadId: textIn(text, 'UploadId'), whole, limit, there: [] });
    },
    missing,
    size,
    seal,
    async read(key) {
      const answer = await calls.call({ method: 'GET', key: checkedKey(key) }, [200, 404]);
      return answer.status === 404 ? null : calls.pieces(answer);
    },
    async finish() {},
    async link(key, { type, disposition }) {
      const query = {
        'response-content-type': type,
        'response-content-disposition': disposition,
        'response-cache-control': 'private, no-cache',
      };
      return { url: await calls.link('GET', checkedKey(key), query, {}), expiresInS: linkS };
    },
  };

  /** Ends what is under way for a key: its parts are deleted, and no more are accepted. */
  async function abort(key: BlobKey): Promise<void> {
    for await (const each of underWay(checkedKey(key))) {
      if (each.key !== key) continue;
      await calls.finish({ method: 'DELETE', key, query: { uploadId: each.uploadId } }, [200, 204, 404]);
    }
  }

  return { direct, abort, underWay };
}

function sumOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.size, 0);
}
