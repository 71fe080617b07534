import { once } from 'node:events';
import type { Clock } from '@chasqui/domain';
import { frameOf, requestHeader } from './frames.ts';
import { HbaseError, serverError } from './hbase-error.ts';
import { type OpenCall, type ServiceOptions, ServiceSocket } from './service-socket.ts';

/**
 * The connection is closed if calls are pending and nothing was received for this long, ms: otherwise a broken network
 * could go unnoticed for minutes. Much longer than a call's timeout, as closing it would lose the calls of a server
 * that is only slow.
 */
const SILENCE_MS = 10_000;

/** One call of a server's method. */
export interface RpcCall<Reply> {
  method: string;
  request: Buffer;
  /** If it throws, the call fails with its error. */
  decode(reply: Buffer): Reply;
}

export interface RpcOptions extends ServiceOptions {
  clock: Clock;
  /** Milliseconds. */
  connectTimeoutMs: number;
}

/** A connection to one server, with any number of open calls. It closes itself when the server falls silent. */
export class RpcConnection {
  readonly #socket: ServiceSocket;
  readonly #clock: Clock;
  readonly #address: string;
  #closed = false;

  private constructor(socket: ServiceSocket, { clock, host, port }: RpcOptions) {
    this.#socket = socket;
    this.#clock = clock;
    this.#address = `${host}:${port}`;
    socket.on('close', () => this.#end());
  }

  /** Errors: `HbaseError` (lost) if the connection is not established in time. */
  static async open(options: RpcOptions): Promise<RpcConnection> {
    const socket = new ServiceSocket(options);
    const connection = new RpcConnection(socket, options);
    const timer = options.clock.after(options.connectTimeoutMs, () => socket.socket.destroy());
    const outcome = await Promise.race([
      once(socket, 'connect').then(() => 'connected' as const),
      once(socket, 'close').then(() => 'closed' as const),
    ]);
    timer.cancel();
    if (outcome === 'connected') return connection;
    throw new HbaseError('lost', 'NotConnected', `no connection to ${connection.#address}`);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Called once when the connection has ended. */
  onClose(listener: () => void): void {
    if (this.#closed) listener();
    else this.#socket.once('close', listener);
  }

  /** Errors: `HbaseError`. */
  call<Reply>({ method, request, decode }: RpcCall<Reply>, timeoutMs: number): Promise<Reply> {
    if (this.#closed) return Promise.reject(this.#lost('the connection has ended'));
    const socket = this.#socket;
    const callId = socket.callId++;
    return new Promise((resolve, reject) => {
      const timer = this.#clock.after(timeoutMs, () => {
        delete socket.calls[callId];
        reject(this.#lost(`no answer to ${method} within ${timeoutMs} ms`));
        const now = this.#clock.monotonic();
        if (now - (socket.unheardSince ?? now) > Math.max(SILENCE_MS, timeoutMs)) this.close();
      });
      const fail = (error: HbaseError) => {
        timer.cancel();
        reject(error);
      };
      socket.calls[callId] = {
        responseClass: { decode: (message) => message },
        fail,
        complete(exception, reply) {
          if (exception !== null) {
            const { exceptionClassName, stackTrace, doNotRetry } = exception;
            return fail(serverError(exceptionClassName ?? 'unknown', stackTrace ?? '', doNotRetry === true));
          }
          try {
            resolve(decode(reply ?? Buffer.alloc(0)));
            timer.cancel();
          } catch (error) {
            fail(new HbaseError('refused', 'MalformedReply', `to ${method}`, error));
          }
        },
      } satisfies OpenCall;
      this.#write(frameOf([requestHeader(callId, method, timeoutMs), request]));
    });
  }

  /** Open calls fail. */
  close(): void {
    this.#socket.socket.destroy();
    this.#end();
  }

  /** Calls of the same turn are sent in one write: a system call costs as much as the rest of a call. */
  #write(frame: Buffer): void {
    const { socket } = this.#socket;
    this.#socket.unheardSince ??= this.#clock.monotonic();
    if (socket.writableCorked === 0) {
      socket.cork();
      process.nextTick(() => socket.uncork());
    }
    socket.write(frame);
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    const open = Object.values(this.#socket.calls);
    this.#socket.calls = {};
    for (const call of open) call.fail(this.#lost('the connection has ended'));
  }

  #lost(text: string): HbaseError {
    return new HbaseError('lost', 'NoAnswer', `${this.#address}: ${text}`);
  }
}
