import { lookup as resolve } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { ImError } from '@chasqui/domain';
import { isPublicAddress } from './public-address.ts';

/** What is read of an answer. */
const MAX_BODY_BYTES = 16 * 1024;

export interface GuardedAnswer {
  status: number;
  retryAfter: string | undefined;
  /** At most the first `MAX_BODY_BYTES`. */
  body: string;
}

export interface GuardedRequest {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string | Uint8Array;
  /** Ends the request. */
  signal: AbortSignal;
}

export interface GuardedClientOptions {
  /** Also allows addresses that are not of the public internet. */
  allowPrivate: boolean;
  /** Connections to one host. */
  maxSockets: number;
}

/**
 * Makes HTTP requests to URLs that others chose. Each connection goes to an address that was checked when the connection
 * was made, so a name that resolves to a private address later (DNS rebinding) does not help. Redirects are not
 * followed.
 */
export class GuardedClient implements Disposable {
  readonly #allowPrivate: boolean;
  readonly #agents: { http: HttpAgent; https: HttpsAgent };

  constructor({ allowPrivate, maxSockets }: GuardedClientOptions) {
    this.#allowPrivate = allowPrivate;
    const options = { keepAlive: true, maxSockets, maxTotalSockets: 64 * maxSockets };
    this.#agents = { http: new HttpAgent(options), https: new HttpsAgent(options) };
  }

  [Symbol.dispose](): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  /** Errors: `forbidden` for a private address; the machine's for what cannot be reached; the signal's reason. */
  async ask(url: URL, { method, headers, body, signal }: GuardedRequest): Promise<GuardedAnswer> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // A connection to an address is made without a look-up.
    if (isIP(host) !== 0) this.#check([host], host);
    const { http, https } = this.#agents;
    const own = { method, headers, signal, lookup: this.#lookup };
    return new Promise((answered, reject) => {
      const request =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...own, agent: https })
          : httpRequest(url, { ...own, agent: http });
      request.once('error', reject);
      request.once('response', (response) => answerOf(response).then(answered, reject));
      request.end(body);
    });
  }

  readonly #lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      try {
        const allowed = this.#check(
          addresses.map(({ address }) => address),
          hostname,
        );
        const found = addresses.filter(({ address }) => allowed.includes(address));
        if (options.all === true) callback(null, found);
        else callback(null, found[0]?.address ?? '', found[0]?.family);
      } catch (refusal) {
        callback(refusal as Error, '');
      }
    });
  };

  #check(addresses: readonly string[], host: string): readonly string[] {
    const allowed = this.#allowPrivate ? addresses : addresses.filter(isPublicAddress);
    if (allowed.length > 0) return allowed;
    throw new ImError('forbidden', `${host} is not an address of the public internet`);
  }
}

/** A longer answer is cut off, and its connection is not used again. */
async function answerOf(response: IncomingMessage): Promise<GuardedAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BODY_BYTES) break;
  }
  return {
    status: response.statusCode ?? 0,
    retryAfter: response.headers['retry-after'],
    body: Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString(),
  };
}
