// Sets up protobuf for the connection, so it must be the first import.
import 'hbase-rpc-client';
import Connection, { type ServerException } from 'hbase-rpc-client/lib/connection.js';
import { delimitedMessages, FrameSplitter } from './frames.ts';
import type { HbaseError } from './hbase-error.ts';
import { ProtoWriter } from './proto-writer.ts';

/** The services that a server offers on a port: rows, or the management of tables. */
export type ServiceName = 'ClientService' | 'MasterService';

export interface ServiceOptions {
  host: string;
  port: number;
  service: ServiceName;
  /** Our user name, which HBase without Kerberos accepts. */
  user: string;
}

/** A call that waits for its reply: a message, or an exception in the header. */
export interface OpenCall {
  responseClass: { decode(message: Buffer | undefined): Buffer | undefined };
  complete(exception: ServerException | null, reply?: Buffer): void;
  /** The call gets no reply. */
  fail(error: HbaseError): void;
}

/** The magic word, the protocol version, and simple authentication. */
const PREAMBLE = Buffer.from([...Buffer.from('HBas'), 0, 80]);

/**
 * The connection of hbase-rpc-client with our own framing, for two reasons: the package supports only one service, and
 * it copies the whole buffer for each received piece and recurses once per frame. Emits `connect` and `close` (possibly
 * twice).
 */
export class ServiceSocket extends Connection<OpenCall> {
  readonly #options: ServiceOptions;
  /** Time of the first call after the server was last heard of, monotonic ms. */
  unheardSince: number | undefined;

  constructor(options: ServiceOptions) {
    super({ host: options.host, port: options.port, tcpNoDelay: true, tcpKeepAlive: true });
    this.#options = options;
  }

  /** Called by the base constructor, before our fields exist: the callbacks it sets up run later. */
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
        // The start of the next frame cannot be found.
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
