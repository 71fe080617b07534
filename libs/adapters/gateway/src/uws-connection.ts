import type { WebSocket } from 'uWebSockets.js';
import type { Connection } from '@chasqui/ports';
import { shortReason, TOO_SLOW } from './settings.ts';
import type { UwsOutbox } from './uws-outbox.ts';

/** The user data of a `WebSocket`. */
export interface UwsUserData {
  connection: UwsConnection;
}

/** What the upgrade learns about a client. */
export type UwsClient = Pick<Connection, 'id' | 'remoteAddress' | 'subprotocol'>;

/** What the engine's `send` returns if the kernel took the whole frame. */
const SENT = 1;

export interface UwsConnectionOptions {
  outbox: UwsOutbox;
  maxBacklogBytes: number;
  slowConsumerCode: number;
}

/**
 * A uWebSockets.js socket that may be used after it closed (the engine's own then throws). The backlog bound is
 * enforced here and not by the engine, as the engine's would also drop the close frame.
 */
export class UwsConnection implements Connection {
  readonly id: string;
  readonly remoteAddress: string;
  readonly subprotocol: string;
  readonly #options: UwsConnectionOptions;
  #socket: WebSocket<UwsUserData> | undefined;
  /** Frames of this turn; undefined if there are none, which saves memory on idle connections. */
  #pending: (string | Uint8Array)[] | undefined;
  #pendingBytes = 0;
  /** The engine holds bytes that the kernel has not taken. */
  #slow = false;
  #ended = false;

  constructor({ id, remoteAddress, subprotocol }: UwsClient, options: UwsConnectionOptions) {
    this.id = id;
    this.remoteAddress = remoteAddress;
    this.subprotocol = subprotocol;
    this.#options = options;
  }

  opened(socket: WebSocket<UwsUserData>): void {
    this.#socket = socket;
  }

  send(data: string | Uint8Array): 'sent' | 'buffered' | 'dropped' {
    if (this.#socket === undefined) return 'dropped';
    const { maxBacklogBytes, slowConsumerCode } = this.#options;
    // Counting a text's bytes means reading it, which is only needed near the bound.
    let atMost = typeof data === 'string' ? data.length * 3 : data.byteLength;
    if (this.backlog() + atMost > maxBacklogBytes) {
      // The socket may take this turn's frames at once, so flush before deciding.
      this.flush();
      atMost = Buffer.byteLength(data);
      if (this.backlog() + atMost > maxBacklogBytes) {
        this.end(slowConsumerCode, TOO_SLOW);
        return 'dropped';
      }
    }
    if (this.#pending === undefined) {
      this.#pending = [data];
      this.#options.outbox.add(this);
    } else {
      this.#pending.push(data);
    }
    this.#pendingBytes += atMost;
    return this.#slow ? 'buffered' : 'sent';
  }

  backlog(): number {
    return this.#pendingBytes + (this.#slow ? (this.#socket?.getBufferedAmount() ?? 0) : 0);
  }

  /** This side has ended the connection: frames that arrived but were not handled are ignored. */
  get ended(): boolean {
    return this.#ended;
  }

  end(code: number, reason: string): void {
    this.#ended = true;
    this.flush();
    // The engine calls its close handler, and that calls `closed`, within this call.
    this.#socket?.end(code, shortReason(reason));
  }

  flush(): void {
    const frames = this.#pending;
    const socket = this.#socket;
    this.#pending = undefined;
    this.#pendingBytes = 0;
    if (frames === undefined || socket === undefined) return;
    if (frames.length === 1) {
      // Asking how much is buffered is another call into the engine, for every frame.
      this.#slow = write(socket, frames[0] as string | Uint8Array) !== SENT;
      return;
    }
    socket.cork(() => {
      for (const frame of frames) write(socket, frame);
    });
    this.#slow = socket.getBufferedAmount() > 0;
  }

  /** Called by the engine when the kernel took some of the backlog. */
  drained(): void {
    this.#slow = (this.#socket?.getBufferedAmount() ?? 0) > 0;
  }

  /** The socket is closed: from here on every call does nothing. */
  closed(): void {
    this.#socket = undefined;
    this.#pending = undefined;
    this.#pendingBytes = 0;
  }
}

function write(socket: WebSocket<UwsUserData>, frame: string | Uint8Array): number {
  return socket.send(frame, typeof frame !== 'string');
}
