import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { ImError } from '@chasqui/domain';
import { addressesOf } from './lookups.ts';
import { isPublicAddress } from './public-address.ts';

/** What is read of an answer. */
const MAX_BODY_BYTES = 16 * 1024;
/** Unused connections are closed after this: a host that keeps them open would take up `maxTotalSockets`. */
const IDLE_MS = 10_000;

export interface GuardedAnswer {
  status: number;
  retryAfter: string | undefined;
  /** At most the first `MAX_BODY_BYTES`, or what came of it in time. */
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
    const options = { keepAlive: true, maxSockets, maxTotalSockets: 64 * maxSockets, timeout: IDLE_MS };
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
      request.once('response', (response) => {
        // What comes behind the status may still be an error.
        request.off('error', reject).on('error', () => {});
        void answerOf(response).then(answered);
      });
      // An answer that is none, as of a protocol that was not asked for (101), ends without an error.
      request.once('upgrade', (_, socket) => {
        socket.destroy();
        reject(new Error('the answer changes the protocol'));
      });
      request.end(body);
    });
  }

  readonly #lookup: LookupFunction = (hostname, options, callback) => {
    const found = addressesOf(hostname).then((all) => {
      const allowed = this.#check(
        all.map(({ address }) => address),
        hostname,
      );
      return all.filter(({ address }) => allowed.includes(address));
    });
    found.then(
      (all) => (options.all === true ? callback(null, all) : callback(null, all[0]?.address ?? '', all[0]?.family)),
      (error) => callback(error, ''),
    );
  };

  #check(addresses: readonly string[], host: string): readonly string[] {
    const allowed = this.#allowPrivate ? addresses : addresses.filter(isPublicAddress);
    if (allowed.length > 0) return allowed;
    throw new ImError('forbidden', `${host} is not an address of the public internet`);
  }
}

/**
 * A longer answer is cut off, and its connection is not used again. So is one that breaks off behind its head, or does not
 * end before the request's time is over: its status is known.
 */
async function answerOf(response: IncomingMessage): Promise<GuardedAnswer> {
  const chunks: Buffer[] = [];
  await read(response, chunks).catch(() => {});
  return {
    status: response.statusCode ?? 0,
    retryAfter: response.headers['retry-after'],
    body: Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString(),
  };
}

async function read(response: IncomingMessage, chunks: Buffer[]): Promise<void> {
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return;
  }
}
