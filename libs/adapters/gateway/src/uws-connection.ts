import type { WebSocket } from 'uWebSockets.js';
import type { Connection } from '@chasqui/ports';
import { shortReason, TOO_SLOW } from './settings.ts';
import type { UwsOutbox } from './uws-outbox.ts';

/** What a `WebSocket` carries. */
export interface UwsUserData {
  connection: UwsConnection;
}

/** What the upgrade learns about a client. */
export type UwsClient = Pick<Connection, 'id' | 'remoteAddress' | 'subprotocol'>;

export interface UwsConnectionOptions {
  outbox: UwsOutbox;
  maxBacklogBytes: number;
  slowConsumerCode: number;
}

/**
 * A uWebSockets.js socket that may be used after it closed (the engine's own throws then). The backlog bound is kept here
 * and not by the engine, because the engine's would drop the close frame as well.
 */
export class UwsConnection implements Connection {
  readonly id: string;
  readonly remoteAddress: string;
  readonly subprotocol: string;
  readonly #options: UwsConnectionOptions;
  #socket: WebSocket<UwsUserData> | undefined;
  /** Frames of this turn; undefined when there are none, which saves memory on an idle connection. */
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
    // To count a text's bytes is to go through it, which is needed near the bound alone.
    let atMost = typeof data === 'string' ? data.length * 3 : data.byteLength;
    if (this.backlog() + atMost > maxBacklogBytes) {
      // What waits for the end of the turn may be more than the socket can take at once, or it may not.
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

  /** This side has ended it: what arrived and was not handled yet counts for nothing. */
  get ended(): boolean {
    return this.#ended;
  }

  end(code: number, reason: string): void {
    this.#ended = true;
    this.flush();
    // The engine calls its close handler, and that calls `closed`, within this call.
    this.#socket?.end(code, shortReason(reason));
  }

  /** Hands the turn's frames to the engine. */
  flush(): void {
    const frames = this.#pending;
    const socket = this.#socket;
    this.#pending = undefined;
    this.#pendingBytes = 0;
    if (frames === undefined || socket === undefined) return;
    if (frames.length === 1) write(socket, frames[0] as string | Uint8Array);
    else {
      socket.cork(() => {
        for (const frame of frames) write(socket, frame);
      });
    }
    this.#slow = socket.getBufferedAmount() > 0;
  }

  /** The engine says that the kernel took some of what waited. */
  drained(): void {
    this.#slow = (this.#socket?.getBufferedAmount() ?? 0) > 0;
  }

  /** The socket is gone: from here on every call does nothing. */
  closed(): void {
    this.#socket = undefined;
    this.#pending = undefined;
    this.#pendingBytes = 0;
  }
}

function write(socket: WebSocket<UwsUserData>, frame: string | Uint8Array): void {
  socket.send(frame, typeof frame !== 'string');
}
