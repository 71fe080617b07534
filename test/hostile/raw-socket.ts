import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { ServerFrame, ServerFrameOf, ServerFrameType, Subprotocol } from '@chasqui/protocol';
import { Packr } from 'msgpackr';
import { type RawData, WebSocket } from 'ws';

/** A MessagePack library other than the server's. */
export const messagePack = new Packr({ useRecords: false, encodeUndefinedAsNil: false, int64AsType: 'number' });

/** A WebSocket that sends any bytes and keeps what it receives. */
export class RawSocket implements Disposable {
  readonly #socket: WebSocket;
  readonly frames: ServerFrame[] = [];
  closeCode: number | undefined;
  #wake: (() => void)[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: RawData, isBinary) => {
      this.frames.push(isBinary ? messagePack.unpack(data as Buffer) : JSON.parse(data.toString()));
      this.#changed();
    });
    socket.on('close', (code) => {
      this.closeCode = code;
      this.#changed();
    });
    socket.on('error', () => undefined);
  }

  static async open(
    url: string,
    headers: { [name: string]: string } = {},
    subprotocol: Subprotocol | undefined = undefined,
  ): Promise<RawSocket> {
    const socket = new WebSocket(url, subprotocol, { headers });
    const raw = new RawSocket(socket);
    await once(socket, 'open');
    return raw;
  }

  static async loggedIn(url: string, token: string, deviceId: string, subprotocol?: Subprotocol): Promise<RawSocket> {
    const raw = await RawSocket.open(url, {}, subprotocol);
    raw.send({ type: 'login', token, deviceId });
    await raw.next('login_ok');
    return raw;
  }

  /** An object in the socket's encoding; a text or bytes unchanged. */
  send(data: object | string | Uint8Array): void {
    if (typeof data === 'string' || data instanceof Uint8Array) this.#socket.send(data);
    else if (this.#socket.protocol === 'chasqui.v1.msgpack') this.#socket.send(messagePack.pack(data));
    else this.#socket.send(JSON.stringify(data));
  }

  /** Sends all in as few packets as the system makes of them. */
  sendAtOnce(...data: (object | string | Uint8Array)[]): void {
    const stream = (this.#socket as unknown as { _socket: Socket })._socket;
    stream.cork();
    for (const one of data) this.send(one);
    stream.uncork();
  }

  /** Takes the first frame of a type from those received; waits up to 10 s. Errors: names what was received instead. */
  async next<T extends ServerFrameType>(type: T, matches: (frame: ServerFrameOf<T>) => boolean = () => true) {
    const isWanted = (frame: ServerFrame) => frame.type === type && matches(frame as ServerFrameOf<T>);
    await this.#until(() => this.frames.some(isWanted), `a ${type} frame`);
    const [frame] = this.frames.splice(this.frames.findIndex(isWanted), 1);
    return frame as ServerFrameOf<T>;
  }

  /** Waits until the server has closed; returns the code. */
  async closed(): Promise<number> {
    await this.#until(() => this.closeCode !== undefined, 'a close');
    return this.closeCode ?? 0;
  }

  /** The server's answer to everything sent so far: its frames up to the pong, or its close code. */
  async settled(ref: string): Promise<{ frames: ServerFrame[]; closeCode?: number }> {
    this.send({ type: 'ping', ref });
    const isPong = (frame: ServerFrame) => frame.type === 'pong' && frame.ref === ref;
    await this.#until(() => this.frames.some(isPong) || this.closeCode !== undefined, 'a pong or a close');
    const frames = this.frames.splice(0).filter((frame) => !isPong(frame));
    return this.closeCode === undefined ? { frames } : { frames, closeCode: this.closeCode };
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    const deadline = AbortSignal.timeout(10_000);
    while (!condition()) {
      if (deadline.aborted) {
        throw new Error(`no ${what} within 10 s; close code ${this.closeCode}; came: ${JSON.stringify(this.frames)}`);
      }
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
        deadline.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
}
