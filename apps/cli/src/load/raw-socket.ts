import { randomBytes } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ImError } from '@chasqui/domain';
import { FrameCutter, pongFrame, textFrame } from './frame-bytes.ts';

export interface RawSocketHandlers {
  text(payload: Buffer): void;
  /** All frames of one read have been handled. */
  turn(): void;
  closed(code: number): void;
}

const HEAD_END = '\r\n\r\n';
const CONNECT_MS = 10_000;

/**
 * A minimal WebSocket: no masking, no UTF-8 checks, no compression, and one write for all frames of a turn. A load
 * client that is slower than the server would measure itself.
 */
export class RawSocket {
  readonly #socket: Socket;
  readonly #cutter: FrameCutter;
  readonly #handlers: RawSocketHandlers;
  #out: Buffer[] = [];
  #code = 1006;

  private constructor(socket: Socket, handlers: RawSocketHandlers, early: Buffer) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#cutter = new FrameCutter({
      text: (payload) => handlers.text(payload),
      ping: (payload) => socket.write(pongFrame(payload)),
      close: (code) => {
        this.#code = code;
      },
    });
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', () => {});
    socket.on('close', () => handlers.closed(this.#code));
    if (early.length > 0) this.#read(early);
  }

  /** Errors: `connection_closed` when no WebSocket opens within 10 s. */
  static async open(url: string, handlers: RawSocketHandlers): Promise<RawSocket> {
    const { protocol, hostname, port, pathname, host } = new URL(url);
    const secure = protocol === 'wss:';
    const to = { host: hostname, port: Number(port) || (secure ? 443 : 80) };
    const socket = secure ? connectTls({ ...to, servername: hostname }) : connectTcp(to);
    socket.setNoDelay(true);
    const key = randomBytes(16).toString('base64');
    socket.write(
      `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13${HEAD_END}`,
    );
    const early = await handshake(socket, url);
    return new RawSocket(socket, handlers, early);
  }

  /** Sends ASCII text at this turn's `flush`. */
  send(text: string): void {
    this.#out.push(textFrame(text));
  }

  flush(): void {
    const out = this.#out;
    const [only] = out;
    if (only === undefined) return;
    this.#out = [];
    if (!this.#socket.destroyed) this.#socket.write(out.length === 1 ? only : Buffer.concat(out));
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#cutter.push(chunk);
    this.#handlers.turn();
  }
}

/** Resolves to the bytes after the response head. */
function handshake(socket: Socket, url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const fail = (why: string) => {
      socket.destroy();
      reject(new ImError('connection_closed', `no WebSocket at ${url}: ${why}`));
    };
    const late = setTimeout(() => fail('no answer'), CONNECT_MS);
    const onError = (error: Error) => fail(error.message);
    const onClose = () => fail('closed');
    const onData = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(HEAD_END);
      if (end === -1) return;
      clearTimeout(late);
      socket.off('data', onData).off('error', onError).off('close', onClose);
      if (!head.toString('latin1').startsWith('HTTP/1.1 101')) fail(head.toString('latin1', 0, 60));
      else resolve(head.subarray(end + HEAD_END.length));
    };
    socket.on('data', onData).on('error', onError).on('close', onClose);
  });
}
