import type { Connection } from '@chasqui/ports';
import type { WebSocket } from 'ws';
import { ABNORMAL, shortReason, TOO_SLOW } from './settings.ts';

export interface WsConnectionOptions {
  id: string;
  remoteAddress: string;
  maxBacklogBytes: number;
  slowConsumerCode: number;
  /** The connection has ended, with its close code. Called once. */
  closed(connection: WsConnection, code: number): void;
}

/** A socket of the `ws` package that keeps the port's rules: bounded backlog, silent after its end, one `closed`. */
export class WsConnection implements Connection {
  readonly id: string;
  readonly remoteAddress: string;
  readonly subprotocol: string;
  readonly #socket: WebSocket;
  readonly #options: WsConnectionOptions;
  #open = true;
  /** A byte was received since the last `probe`. */
  #heard = true;

  constructor(socket: WebSocket, options: WsConnectionOptions) {
    this.id = options.id;
    this.remoteAddress = options.remoteAddress;
    this.subprotocol = socket.protocol;
    this.#socket = socket;
    this.#options = options;
    // The socket broke or got a bad frame. Its `close` may come only when the client answers the close frame.
    socket.on('error', () => this.#finish(ABNORMAL));
    socket.on('pong', () => this.heard());
    socket.on('close', (code) => this.#finish(code));
  }

  get isOpen(): boolean {
    return this.#open;
  }

  send(data: string | Uint8Array): 'sent' | 'buffered' | 'dropped' {
    if (!this.#open || this.#socket.readyState !== this.#socket.OPEN) return 'dropped';
    const bytes = typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;
    if (this.backlog() + bytes > this.#options.maxBacklogBytes) {
      this.end(this.#options.slowConsumerCode, TOO_SLOW);
      return 'dropped';
    }
    this.#socket.send(data, { binary: typeof data !== 'string' });
    return this.backlog() > 0 ? 'buffered' : 'sent';
  }

  /** Nothing is kept: `ws` writes each frame in its call. */
  flush(): void {}

  backlog(): number {
    return this.#open ? this.#socket.bufferedAmount : 0;
  }

  end(code: number, reason: string): void {
    if (!this.#open) return;
    this.#socket.close(code, shortReason(reason));
    this.#finish(code);
  }

  heard(): void {
    this.#heard = true;
  }

  /** Sends a ping, or closes the connection of a client that has been silent since the last probe. */
  probe(): void {
    if (this.#heard) this.#socket.ping();
    else this.#socket.terminate();
    this.#heard = false;
  }

  #finish(code: number): void {
    if (!this.#open) return;
    this.#open = false;
    // Deferred, so that a handler that ends a connection is not called back within that call.
    queueMicrotask(() => this.#options.closed(this, code));
  }
}
