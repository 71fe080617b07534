import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Connection, Gateway, GatewayFactory, GatewayHandlers, GatewayOptions } from '@chasqui/ports';
import { afterEach, vi } from 'vitest';
import { WebSocket } from 'ws';

export const FRAME_BYTES = 4096;
export const BACKLOG_BYTES = 256 * 1024;
export const SLOW = 4003;
export const LARGE = 4508;

/** Handlers that record their calls, and echo unless a test says otherwise. */
export class Recorder implements GatewayHandlers {
  readonly opened: Connection[] = [];
  readonly messages: (string | Uint8Array)[] = [];
  readonly closes: { connection: Connection; code: number }[] = [];
  onOpen: (connection: Connection) => void = () => {};
  onMessage: (connection: Connection, data: string | Uint8Array) => void = (connection, data) => connection.send(data);
  onClose: (connection: Connection) => void = () => {};
  onHttp: GatewayHandlers['http'] = async () => null;

  open(connection: Connection): void {
    this.opened.push(connection);
    this.onOpen(connection);
  }
  message(connection: Connection, data: string | Uint8Array): void {
    this.messages.push(data);
    this.onMessage(connection, data);
  }
  close(connection: Connection, code: number): void {
    this.closes.push({ connection, code });
    this.onClose(connection);
  }
  http(path: string) {
    return this.onHttp(path);
  }
}

/** A client of the `ws` package that records what it receives. */
export interface Client {
  socket: WebSocket;
  received: (string | Buffer)[];
  closed: Promise<{ code: number; reason: string }>;
}

export interface GatewayFixture {
  /** A gateway on a free port, disposed after the test. */
  start(options?: Partial<GatewayOptions>): Promise<{ gateway: Gateway; handlers: Recorder }>;
  /** An open client, terminated after the test. */
  open(gateway: Gateway, subprotocols?: string[]): Promise<Client>;
  /** A WebSocket without a library: a socket after its handshake, destroyed after the test. */
  openRaw(gateway: Gateway): Promise<Socket>;
}

/** Cleans up after each test of the surrounding `describe`. */
export function gatewayFixture(factory: GatewayFactory): GatewayFixture {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  return {
    async start(options = {}) {
      const handlers = new Recorder();
      const gateway = await factory({
        host: '127.0.0.1',
        port: 0,
        path: '/ws',
        maxFrameBytes: FRAME_BYTES,
        largeFrameCode: LARGE,
        maxBacklogBytes: BACKLOG_BYTES,
        slowConsumerCode: SLOW,
        subprotocols: ['v2', 'v1'],
        handlers,
        ...options,
      });
      cleanups.push(() => gateway[Symbol.asyncDispose]());
      return { gateway, handlers };
    },
    async open(gateway, subprotocols = []) {
      const client = dial(`ws://127.0.0.1:${gateway.port}/ws`, subprotocols);
      cleanups.push(() => client.socket.terminate());
      await once(client.socket, 'open');
      return client;
    },
    async openRaw(gateway) {
      const socket = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true });
      cleanups.push(() => socket.destroy());
      socket.on('error', () => {});
      socket.write(handshake('/ws'));
      const [head] = (await once(socket, 'data')) as [Buffer];
      if (!head.toString().startsWith('HTTP/1.1 101')) throw new Error(`no handshake: ${head}`);
      return socket;
    },
  };
}

function dial(url: string, subprotocols: string[]): Client {
  const socket = new WebSocket(url, subprotocols);
  const received: (string | Buffer)[] = [];
  socket.on('message', (data: Buffer, isBinary) => received.push(isBinary ? data : data.toString()));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  socket.on('error', () => {});
  return { socket, received, closed };
}

/** An upgrade request, byte for byte. */
export function handshake(path: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');
}

/** One frame of RFC 6455, section 5.2, of at most 125 bytes, with the mask 0 (so that its payload reads as it is). */
export function frame(opcode: number, payload: Uint8Array | string, { fin = true, masked = true } = {}): Buffer {
  const body = Buffer.from(payload as string);
  const head = [(fin ? 0x80 : 0) | opcode, (masked ? 0x80 : 0) | body.length];
  return Buffer.concat([Buffer.from(head), Buffer.alloc(masked ? 4 : 0), body]);
}

/** Resolves once `check` no longer throws; rejects with its error after 5 s. */
export function eventually<T>(check: () => T): Promise<T> {
  return vi.waitFor(check, { timeout: 5_000, interval: 5 });
}
