/** Sets up the package's protobuf definitions as its connection needs them. Must be imported before the connection. */
declare module 'hbase-rpc-client' {
  const createClient: unknown;
  export default createClient;
}

/** The parts of hbase-rpc-client that we use: a socket, the table of open calls, and the parsing of reply headers. */
declare module 'hbase-rpc-client/lib/connection.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  /** The exception in the header, as protobuf. */
  interface ServerException {
    exceptionClassName: string | null;
    stackTrace: string | null;
    doNotRetry: boolean | null;
  }

  interface ConnectionOptions {
    host: string;
    port: number;
    tcpNoDelay: boolean;
    tcpKeepAlive: boolean;
  }

  /** Emits `close`, possibly twice. */
  class Connection<OpenCall> extends EventEmitter {
    constructor(options: ConnectionOptions);
    readonly socket: Socket;
    /** The id of the next call. */
    callId: number;
    calls: { [callId: number]: OpenCall };
    /** Called by the constructor. */
    setupIOStreams(): void;
    /** Opens the socket and listens for its end. */
    setupConnection(): void;
    /** Passes a reply, split into header and message, to its call. */
    processMessages(messages: readonly Buffer[]): void;
  }

  export type { ServerException };
  export default Connection;
}
