import { createServer, type Server, type Socket } from 'node:net';
import { delimitedMessages, FrameSplitter, frameOf } from '../wire/frames.ts';
import { ProtoReader } from '../wire/proto-reader.ts';
import { ProtoWriter } from '../wire/proto-writer.ts';

/** An exception that a server throws. */
export class FakeException extends Error {
  readonly className: string;

  constructor(className: string) {
    super(`thrown by the stand-in`);
    this.className = className;
  }
}

/** `silence`: does nothing. `lose`: executes the call and closes the connection without an answer. */
export type Fate = 'answer' | 'silence' | 'lose';

export interface FakeServerOptions {
  /** The outcome of a call. May throw a `FakeException`. */
  fate(method: string, request: Buffer): Fate;
  answer(method: string, request: Buffer): Buffer;
}

/** One port that speaks HBase's protocol. */
export class FakeRegionServer implements AsyncDisposable {
  /** Names of the methods called. */
  readonly calls: string[] = [];
  /** Maximum calls open at the same time. */
  mostOpen = 0;
  readonly #options: FakeServerOptions;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #open = 0;

  constructor(options: FakeServerOptions) {
    this.#options = options;
  }

  /** Returns `host:port`. */
  async listen(): Promise<string> {
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  /** Ends every connection, as a crash does. */
  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Writes to every connection. */
  sendAll(bytes: Buffer): void {
    for (const socket of this.#sockets) socket.write(bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disconnect();
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    const frames = new FrameSplitter();
    let preamble = 6;
    let greeted = false;
    socket.on('data', (piece) => {
      const rest = piece.subarray(preamble);
      preamble = Math.max(0, preamble - piece.length);
      for (const frame of frames.add(rest)) {
        if (greeted) this.#handle(socket, frame);
        greeted = true;
      }
    });
  }

  #handle(socket: Socket, frame: Buffer): void {
    const [header = Buffer.alloc(0), request = Buffer.alloc(0)] = delimitedMessages(frame);
    let callId = 0;
    let method = '';
    for (const reader = new ProtoReader(header); reader.next(); ) {
      if (reader.field === 1) callId = reader.uint();
      else if (reader.field === 3) method = reader.string();
    }
    this.calls.push(method);
    this.mostOpen = Math.max(this.mostOpen, ++this.#open);
    // Answers later, so that calls are open concurrently.
    setImmediate(() => {
      this.#open--;
      this.#reply(socket, callId, method, request);
    });
  }

  #reply(socket: Socket, callId: number, method: string, request: Buffer): void {
    const header = new ProtoWriter().uint(1, callId);
    try {
      const fate = this.#options.fate(method, request);
      if (fate === 'silence') return;
      const answer = this.#options.answer(method, request);
      if (fate === 'lose') socket.destroy();
      else socket.write(frameOf([header.finish(), answer]));
    } catch (error) {
      if (!(error instanceof FakeException)) throw error;
      header.message(2, () => header.string(1, error.className).string(2, error.message));
      socket.write(frameOf([header.finish()]));
    }
  }
}
