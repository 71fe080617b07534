import {
  type ClientHttp2Session,
  connect,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';

/** Answers are short; the rest of a longer one is not read. */
const MAX_BODY_BYTES = 16 * 1024;

export interface Http2Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/**
 * One long-lived HTTP/2 connection. It is opened on demand, and again after it was lost, got GOAWAY, or left a request
 * unanswered, as a connection that died silently does.
 */
export class Http2Link implements AsyncDisposable {
  readonly #url: string;
  #session: ClientHttp2Session | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** Errors: those of the connection and of the stream; the signal's reason if it is aborted. */
  request(headers: OutgoingHttpHeaders, body: string, signal: AbortSignal): Promise<Http2Answer> {
    const session = this.#current();
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const stream = session.request(headers);
      const onAbort = () => {
        if (this.#session === session) this.#session = undefined;
        session.close();
        stream.close(constants.NGHTTP2_CANCEL);
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      let answer: Http2Answer | undefined;
      stream.setEncoding('utf8');
      stream.once('response', (received) => {
        answer = { status: received[':status'] ?? 0, headers: received, body: '' };
      });
      stream.on('data', (chunk: string) => {
        if (answer !== undefined && answer.body.length < MAX_BODY_BYTES) answer.body += chunk;
      });
      stream.once('error', reject);
      stream.once('close', () => {
        signal.removeEventListener('abort', onAbort);
        if (answer !== undefined && stream.rstCode === constants.NGHTTP2_NO_ERROR) resolve(answer);
        else reject(new Error('the stream ended without an answer'));
      });
      stream.end(body);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    session?.destroy();
  }

  #current(): ClientHttp2Session {
    if (this.#session !== undefined && !this.#session.closed && !this.#session.destroyed) return this.#session;
    const session = connect(this.#url);
    const lost = () => {
      if (this.#session === session) this.#session = undefined;
    };
    // A stream that fails with the connection gets its own error.
    session.on('error', lost);
    session.on('close', lost);
    this.#session = session;
    return session;
  }
}
