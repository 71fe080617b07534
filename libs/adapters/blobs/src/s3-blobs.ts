import { createHash } from 'node:crypto';
import { type Clock, defined, ImError, type Random } from '@chasqui/domain';
import { backoffMs, sleep } from '@chasqui/kit';
import type { BlobStore } from '@chasqui/ports';
import { AwsClient } from 'aws4fetch';
import { checkedKey } from './checked-key.ts';
import type { S3Config } from './config.ts';
import { released } from './released.ts';

export interface S3BlobsOptions {
  config: S3Config;
  clock: Clock;
  random: Random;
}

const BACKOFF = { initialMs: 50, maxMs: 1_000 };
/** Transient statuses: S3 answers 503 `SlowDown` and 500 `InternalError`, and asks to retry. */
const PASSING = [408, 429, 500, 502, 503, 504];
const PING_MS = 2_000;

interface Call {
  method: 'PUT' | 'GET' | 'DELETE' | 'HEAD';
  /** Absent: the bucket. */
  key?: string;
  body?: Uint8Array<ArrayBuffer>;
  headers?: { [name: string]: string };
  deadlineMs?: number;
}

/**
 * Blobs in a bucket of any store that speaks S3 with Signature Version 4, with path-style addresses
 * (`endpoint/bucket/prefix + key`). The signature covers the body's digest, so that no other content is accepted.
 * Transient failures are retried until the deadline.
 */
export function createS3Blobs({ config, clock, random }: S3BlobsOptions): BlobStore {
  const { endpoint, bucket, prefix, region, accessKeyId, secretAccessKey } = config;
  const signer = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
  const root = `${endpoint}/${bucket}`;

  /** One attempt. The signal aborts it, and the reading of its answer. */
  async function once({ method, key, body, headers = {} }: Call, signal: AbortSignal): Promise<Response> {
    const digest = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const request = await signer.sign(key === undefined ? `${root}/` : `${root}/${prefix}${key}`, {
      method,
      headers: {
        ...headers,
        'x-amz-content-sha256': digest,
        ...(body === undefined ? {} : { 'content-type': 'application/octet-stream' }),
      },
      ...defined({ body }),
    });
    return await fetch(request, { signal, redirect: 'error' });
  }

  async function call(what: Call, expected: readonly number[]): Promise<Response> {
    const { deadlineMs = config.deadlineMs } = what;
    const end = clock.monotonic() + deadlineMs;
    const signal = AbortSignal.timeout(deadlineMs);
    for (let tries = 0; ; tries++) {
      const answer = await once(what, signal).catch((error: unknown) => ({ error }));
      if (answer instanceof Response) {
        if (expected.includes(answer.status)) return answer;
        await answer.body?.cancel();
      }
      const waitMs = backoffMs(tries, BACKOFF, random);
      const isPassing = answer instanceof Response ? PASSING.includes(answer.status) : !signal.aborted;
      if (!isPassing || clock.monotonic() + waitMs > end) throw unavailable(what, answer);
      await sleep(clock, waitMs);
    }
  }

  async function finish(what: Call, expected: readonly number[]): Promise<void> {
    await (await call(what, expected)).body?.cancel();
  }

  return {
    put: async (key, bytes) => finish({ method: 'PUT', key: checkedKey(key), body: Uint8Array.from(bytes) }, [200]),
    async get(key, range) {
      const headers = range === undefined ? {} : { range: `bytes=${range.from}-${range.to}` };
      const answer = await call({ method: 'GET', key: checkedKey(key), headers }, [range ? 206 : 200, 404]);
      if (answer.status !== 404) return piecesOf(answer);
      await answer.body?.cancel();
      return null;
    },
    remove: async (key) => finish({ method: 'DELETE', key: checkedKey(key) }, [200, 204, 404]),
    ping: async () => finish({ method: 'HEAD', deadlineMs: Math.min(PING_MS, config.deadlineMs) }, [200]),
    async [Symbol.asyncDispose]() {},
  };
}

/** Gives up the answer when they are not read on. Fails if the connection ends before all announced bytes were received. */
function piecesOf({ body }: Response): AsyncIterable<Uint8Array> {
  const reader = body?.getReader();
  return released(read(reader), async () => reader?.cancel().catch(() => {}));
}

async function* read(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): AsyncGenerator<Uint8Array> {
  try {
    for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read()) yield piece.value;
  } catch (error) {
    throw new ImError('store_unavailable', 'the S3 store ended a response early', {}, error);
  }
}

/** A 403 or 404 means that keys, bucket or rights are wrong: the log tells the operator. */
function unavailable({ method, key }: Call, answer: Response | { error: unknown }): ImError {
  const what = `${method} of ${key === undefined ? 'the bucket' : 'a blob'}`;
  if (answer instanceof Response) {
    return new ImError('store_unavailable', `the S3 store answers ${answer.status} to ${what}`);
  }
  return new ImError('store_unavailable', `the S3 store does not answer: ${what}`, {}, answer.error);
}
