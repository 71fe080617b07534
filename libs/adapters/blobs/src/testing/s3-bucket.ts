import { createHash } from 'node:crypto';

export interface BucketRequest {
  method: string;
  key: string;
  query: URLSearchParams;
  body: Buffer;
  range: string | undefined;
}

export interface BucketAnswer {
  status: number;
  body?: Buffer | string;
  headers?: { [name: string]: string | number };
}

interface Upload {
  key: string;
  at: Date;
  parts: Map<number, Buffer>;
}

const MIN_PART = 5 * 1024 * 1024;
const etagOf = (bytes: Uint8Array) => `"${createHash('md5').update(bytes).digest('hex')}"`;
const fault = (status: number, code: string): BucketAnswer => ({ status, body: `<Error><Code>${code}</Code></Error>` });
/** As S3 writes it: quotation marks as entities. */
const xml = (text: string): BucketAnswer => ({
  status: 200,
  body: `<?xml version="1.0"?>${text.replaceAll('"', '&quot;')}`,
});

/** What an S3 store does with the objects and uploads of a bucket, as strictly as AWS has it. Lists come in pages of two. */
export class S3Bucket {
  readonly objects = new Map<string, Buffer>();
  readonly uploads = new Map<string, Upload>();
  readonly #times = new Map<string, Date>();
  #begun = 0;

  answer(request: BucketRequest): BucketAnswer {
    const { method, key, query } = request;
    if (key === '') return method === 'HEAD' ? { status: 200 } : this.#list(query);
    if (query.has('uploads')) return this.#begin(key);
    const uploadId = query.get('uploadId');
    if (uploadId !== null) return this.#multipart(request, uploadId);
    if (method === 'PUT') {
      this.#store(key, request.body);
      return { status: 200 };
    }
    if (method === 'DELETE') {
      this.objects.delete(key);
      return { status: 204 };
    }
    return this.#get(request);
  }

  #store(key: string, body: Buffer): void {
    this.objects.set(key, body);
    this.#times.set(key, new Date());
  }

  #get({ method, key, query, range = '' }: BucketRequest): BucketAnswer {
    const object = this.objects.get(key);
    if (object === undefined) return fault(404, 'NoSuchKey');
    const headers: { [name: string]: string | number } = { 'content-length': object.length };
    for (const [name, value] of query) {
      if (name.startsWith('response-')) headers[name.slice('response-'.length)] = value;
    }
    if (method === 'HEAD') return { status: 200, headers };
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    if (from === undefined) return { status: 200, headers, body: object };
    const part = object.subarray(Number(from), Number(to) + 1);
    return { status: 206, headers: { ...headers, 'content-length': part.length }, body: part };
  }

  #list(query: URLSearchParams): BucketAnswer {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? query.get('upload-id-marker') ?? '';
    const page = <T>(all: [string, T][]) => {
      const rest = all.filter(([id]) => id > after).toSorted(([a], [b]) => (a < b ? -1 : 1));
      const cut = `<IsTruncated>${rest.length > 2}</IsTruncated>`;
      return { cut, rows: rest.slice(0, 2), last: rest[1]?.[0] ?? '' };
    };
    if (query.has('uploads')) {
      const { cut, rows, last } = page([...this.uploads].filter(([, { key }]) => key.startsWith(prefix)));
      const found = rows.map(
        ([id, { key, at }]) =>
          `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${at.toISOString()}</Initiated></Upload>`,
      );
      return xml(`<R>${cut}<NextUploadIdMarker>${last}</NextUploadIdMarker>${found.join('')}</R>`);
    }
    const { cut, rows, last } = page(
      [...this.#times].filter(([key]) => key.startsWith(prefix) && this.objects.has(key)),
    );
    const found = rows.map(
      ([key, at]) => `<Contents><Key>${key}</Key><LastModified>${at.toISOString()}</LastModified></Contents>`,
    );
    return xml(`<R>${cut}<NextContinuationToken>${last}</NextContinuationToken>${found.join('')}</R>`);
  }

  #begin(key: string): BucketAnswer {
    const id = `upload-${String(++this.#begun).padStart(6, '0')}+/=`;
    this.uploads.set(id, { key, at: new Date(), parts: new Map() });
    return xml(`<R><Key>${key}</Key><UploadId>${id}</UploadId></R>`);
  }

  #multipart({ method, key, query, body }: BucketRequest, id: string): BucketAnswer {
    const upload = this.uploads.get(id);
    if (upload?.key !== key) return fault(404, 'NoSuchUpload');
    if (method === 'PUT') {
      upload.parts.set(Number(query.get('partNumber')), body);
      return { status: 200, headers: { etag: etagOf(body) } };
    }
    if (method === 'DELETE') {
      this.uploads.delete(id);
      return { status: 204 };
    }
    if (method === 'POST') return this.#complete(id, upload, body.toString());
    const after = Number(query.get('part-number-marker') ?? 0);
    const rest = [...upload.parts].filter(([number]) => number > after).toSorted(([a], [b]) => a - b);
    const found = rest.slice(0, 2).map(([number, { length }]) => {
      const etag = etagOf(upload.parts.get(number) ?? Buffer.of());
      return `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag><Size>${length}</Size></Part>`;
    });
    const cut = `<IsTruncated>${rest.length > 2}</IsTruncated>`;
    return xml(`<R>${cut}<NextPartNumberMarker>${rest[1]?.[0]}</NextPartNumberMarker>${found.join('')}</R>`);
  }

  #complete(id: string, { key, parts }: Upload, body: string): BucketAnswer {
    const asked = [...body.matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>&quot;(\w+)&quot;<\/ETag>/g)];
    const chosen = asked.map(([, number, etag]) => {
      const part = parts.get(Number(number));
      return part !== undefined && etagOf(part) === `"${etag}"` ? part : null;
    });
    if (chosen.length === 0 || chosen.includes(null)) return fault(400, 'InvalidPart');
    if (chosen.slice(0, -1).some((part) => (part?.length ?? 0) < MIN_PART)) return fault(400, 'EntityTooSmall');
    this.#store(key, Buffer.concat(chosen as Buffer[]));
    this.uploads.delete(id);
    return xml('<R/>');
  }
}
