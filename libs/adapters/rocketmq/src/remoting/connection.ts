import { connect, type Socket } from 'node:net';
import { ChurnMap, type Clock, ImError, type Timer } from '@chasqui/domain';
import { encodeRequest, FrameReader, type RemotingFrame } from './frame.ts';

interface Pending {
  resolve(answer: RemotingFrame): void;
  reject(error: ImError): void;
  timer: Timer;
}

export interface RemotingRequest {
  code: number;
  fields?: Readonly<Record<string, string>>;
  body?: Buffer;
}

/** A connection to a name server or a broker, opened on demand and reopened after it broke. */
export class RemotingConnection implements Disposable {
  readonly #address: string;
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  readonly #pending = new ChurnMap<number, Pending>();
  #socket: Socket | undefined;
  #lastOpaque = 0;

  /** `address`: host:port. `deadlineMs`: timeout of a call. */
  constructor(address: string, clock: Clock, deadlineMs: number) {
    this.#address = address;
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
  }

  /** Resolves with any answer, even a refusal. Errors: `bus_unavailable` if none arrives in time. */
  call({ code, fields = {}, body = Buffer.alloc(0) }: RemotingRequest): Promise<RemotingFrame> {
    const opaque = ++this.#lastOpaque;
    return new Promise((resolve, reject) => {
      const timer = this.#clock.after(this.#deadlineMs, () => this.#settle(opaque)?.reject(this.#lateError()));
      this.#pending.set(opaque, { resolve, reject, timer });
      this.#open().write(encodeRequest({ code, opaque, fields, body }));
    });
  }

  [Symbol.dispose](): void {
    this.#broken(this.#socket, new ImError('bus_unavailable', `the connection to ${this.#address} is closed`));
  }

  #open(): Socket {
    if (this.#socket !== undefined) return this.#socket;
    const colon = this.#address.lastIndexOf(':');
    const socket = connect(Number(this.#address.slice(colon + 1)), this.#address.slice(0, colon));
    const reader = new FrameReader();
    // The socket does not keep the process running; the timer of a pending call does.
    socket.unref();
    socket.setNoDelay(true);
    socket.on('data', (data) => {
      try {
        for (const frame of reader.read(data)) if (frame.isAnswer) this.#settle(frame.opaque)?.resolve(frame);
      } catch (error) {
        this.#broken(socket, ImError.from(error));
      }
    });
    socket.on('error', (error) => this.#broken(socket, this.#unreachable(error)));
    socket.on('close', () => this.#broken(socket, this.#unreachable()));
    this.#socket = socket;
    return socket;
  }

  #settle(opaque: number): Pending | undefined {
    const pending = this.#pending.get(opaque);
    this.#pending.delete(opaque);
    pending?.timer.cancel();
    return pending;
  }

  #broken(socket: Socket | undefined, error: ImError): void {
    if (socket === undefined || socket !== this.#socket) return;
    this.#socket = undefined;
    socket.destroy();
    for (const opaque of [...this.#pending.keys()]) this.#settle(opaque)?.reject(error);
  }

  #lateError(): ImError {
    return new ImError('bus_unavailable', `RocketMQ at ${this.#address} did not answer within ${this.#deadlineMs} ms`);
  }

  #unreachable(cause?: unknown): ImError {
    return new ImError('bus_unavailable', `RocketMQ at ${this.#address} is not reachable`, {}, cause);
  }
}
