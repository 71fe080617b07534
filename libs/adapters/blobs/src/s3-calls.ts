import { createHash } from 'node:crypto';
import { type Clock, defined, ImError, type Random } from '@chasqui/domain';
import { backoffMs, sleep } from '@chasqui/kit';
import { AwsClient } from 'aws4fetch';
import { checkedKey } from './checked-key.ts';
import type { S3Config } from './config.ts';
import { released } from './released.ts';

export interface S3Options {
  config: S3Config;
  clock: Clock;
  random: Random;
}

export type Query = { readonly [name: string]: string };

export interface Call {
  method: 'PUT' | 'GET' | 'DELETE' | 'HEAD' | 'POST';
  /** Absent: the bucket. */
  key?: string;
  query?: Query;
  body?: Uint8Array<ArrayBuffer> | Blob;
  headers?: { [name: string]: string };
  deadlineMs?: number;
  /** A failure ends the call: its repetition would do something twice. */
  isOnce?: boolean;
}

const BACKOFF = { initialMs: 50, maxMs: 1_000 };
/** Transient statuses: S3 answers 503 `SlowDown` and 500 `InternalError`, and asks to retry. */
const PASSING = [408, 429, 500, 502, 503, 504];

/**
 * Calls of an S3 store: signed with Signature Version 4 over the body's digest, so that no other content is accepted, to
 * path-style addresses (`endpoint/bucket/prefix + key`). Transient failures are retried until the deadline.
 */
export class S3Calls {
  readonly #options: S3Options;
  readonly #signer: AwsClient;

  constructor(options: S3Options) {
    this.#options = options;
    const { region, accessKeyId, secretAccessKey } = options.config;
    this.#signer = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
  }

  /** Errors: `store_unavailable` for every status but the expected ones. */
  async call(what: Call, expected: readonly number[]): Promise<Response> {
    const { clock, random, config } = this.#options;
    const { deadlineMs = config.deadlineMs } = what;
    const end = clock.monotonic() + deadlineMs;
    for (let tries = 0; ; tries++) {
      const answer = await this.#once(what, end - clock.monotonic()).catch((error: unknown) => ({ error }));
      if (answer instanceof Response) {
        if (expected.includes(answer.status)) return answer;
        await answer.body?.cancel();
      }
      const waitMs = backoffMs(tries, BACKOFF, random);
      const isPassing = answer instanceof Response ? PASSING.includes(answer.status) : clock.monotonic() < end;
      if (what.isOnce || !isPassing || clock.monotonic() + waitMs > end) throw unavailable(what, answer);
      await sleep(clock, waitMs);
    }
  }

  /** The same, for what the answer says. */
  async text(what: Call, expected: readonly number[]): Promise<{ status: number; text: string }> {
    const answer = await this.call(what, expected);
    try {
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      throw new ImError('store_unavailable', 'the S3 store ended a response early', {}, error);
    }
  }

  async finish(what: Call, expected: readonly number[]): Promise<void> {
    await (await this.call(what, expected)).body?.cancel();
  }

  /**
   * The body's pieces; gives up the answer when they are not read on. Fails if it ends early, or if no piece comes for as
   * long as a call may take.
   */
  pieces({ body }: Response): AsyncIterable<Uint8Array> {
    const reader = body?.getReader();
    return released(this.#read(reader), async () => reader?.cancel().catch(() => {}));
  }

  async *#read(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): AsyncGenerator<Uint8Array> {
    const { clock, config } = this.#options;
    let isStuck = false;
    try {
      while (reader !== undefined) {
        const timer = clock.after(config.deadlineMs, () => {
          isStuck = true;
          void reader.cancel();
        });
        const piece = await reader.read().finally(() => timer.cancel());
        if (isStuck) throw new Error('no bytes came in time');
        if (piece.done) return;
        yield piece.value;
      }
    } catch (error) {
      throw new ImError('store_unavailable', 'the S3 store ended a response early', {}, error);
    }
  }

  /** An address at which whoever has it can do one thing for `linkS`. `headers`: those that the request must have. */
  async link(method: 'PUT' | 'GET', key: string, query: Query, headers: { [name: string]: string }): Promise<string> {
    const { publicEndpoint, linkS } = this.#options.config;
    const address = this.#address(publicEndpoint, key, { ...query, 'X-Amz-Expires': String(linkS) });
    const aws = { signQuery: true, allHeaders: true };
    const { url } = await this.#signer.sign(address, { method, headers, aws });
    // Not every store reads a plus as a space.
    return url.replaceAll('+', '%20');
  }

  /** One attempt. The deadline aborts it, and of short answers the reading. */
  async #once({ method, key, query = {}, body, headers = {} }: Call, leftMs: number): Promise<Response> {
    const { clock, config } = this.#options;
    const hash = createHash('sha256');
    if (body instanceof Blob) for await (const piece of body.stream()) hash.update(piece);
    else hash.update(body ?? '');
    const digest = hash.digest('hex');
    const request = await this.#signer.sign(this.#address(config.endpoint, key, query), {
      method,
      headers: {
        ...headers,
        'x-amz-content-sha256': digest,
        ...(body === undefined ? {} : { 'content-type': 'application/octet-stream' }),
      },
      ...defined({ body }),
    });
    const aborting = new AbortController();
    const timer = clock.after(leftMs, () => aborting.abort());
    return await fetch(request, { signal: aborting.signal, redirect: 'error' }).finally(() => timer.cancel());
  }

  #address(endpoint: string, key: string | undefined, query: Query): string {
    const { bucket, prefix } = this.#options.config;
    const url = new URL(`${endpoint}/${bucket}/${key === undefined ? '' : prefix + checkedKey(key)}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
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
