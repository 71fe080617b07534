// Sets protobuf up for the connection: first of all.
import 'hbase-rpc-client';
import Connection, { type ServerException } from 'hbase-rpc-client/lib/connection.js';
import { delimitedMessages, FrameSplitter } from './frames.ts';
import type { HbaseError } from './hbase-error.ts';
import { ProtoWriter } from './proto-writer.ts';

/** What a server offers on one port: rows, or the management of tables. */
export type ServiceName = 'ClientService' | 'MasterService';

export interface ServiceOptions {
  host: string;
  port: number;
  service: ServiceName;
  /** Whom the server takes us for; HBase without Kerberos believes it. */
  user: string;
}

/** A call that waits for its reply: the message of one, or the exception of its header. */
export interface OpenCall {
  responseClass: { decode(message: Buffer | undefined): Buffer | undefined };
  complete(exception: ServerException | null, reply?: Buffer): void;
  /** Without any reply. */
  fail(error: HbaseError): void;
}

/** The magic word, the version of the protocol, and simple authentication. */
const PREAMBLE = Buffer.from([...Buffer.from('HBas'), 0, 80]);

/**
 * The connection of hbase-rpc-client with framing of our own, for two reasons: the package's knows one service alone, and
 * it reads replies with a copy of all that is buffered for each piece and one recursion a frame. Emits `connect` and
 * `close` (perhaps twice).
 */
export class ServiceSocket extends Connection<OpenCall> {
  readonly #options: ServiceOptions;
  /** When the first call was made after the server was last heard of, monotonic ms. */
  unheardSince: number | undefined;

  constructor(options: ServiceOptions) {
    super({ host: options.host, port: options.port, tcpNoDelay: true, tcpKeepAlive: true });
    this.#options = options;
  }

  /** Called while the base is made, when nothing of ours is there yet: what it sets up runs later. */
  override setupIOStreams(): void {
    this.setupConnection();
    const frames = new FrameSplitter();
    this.socket.on('connect', () => {
      this.socket.write(greeting(this.#options));
      this.emit('connect');
    });
    this.socket.on('data', (piece: Buffer) => {
      this.unheardSince = undefined;
      try {
        for (const frame of frames.add(piece)) this.processMessages(delimitedMessages(frame));
      } catch {
        // No way to find the next frame.
        this.socket.destroy();
      }
    });
  }
}

function greeting({ user, service }: ServiceOptions): Buffer {
  const out = new ProtoWriter();
  out.message(1, () => out.string(1, user)).string(2, service);
  const header = out.finish();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([PREAMBLE, length, header]);
}
