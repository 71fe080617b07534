/** Sets the package's protobuf definitions up, in the form that its connection needs: to be imported before it. */
declare module 'hbase-rpc-client' {
  const createClient: unknown;
  export default createClient;
}

/** What we use of hbase-rpc-client: a socket, the table of open calls, and the reading of reply headers. */
declare module 'hbase-rpc-client/lib/connection.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  /** The header's exception, as protobuf. */
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

  /** Emits `close`, perhaps twice. */
  class Connection<OpenCall> extends EventEmitter {
    constructor(options: ConnectionOptions);
    readonly socket: Socket;
    /** The id of the next call. */
    callId: number;
    calls: { [callId: number]: OpenCall };
    /** Called by the constructor. */
    setupIOStreams(): void;
    /** Makes the socket and listens to its end. */
    setupConnection(): void;
    /** Hands a reply, cut into header and message, to its call. */
    processMessages(messages: readonly Buffer[]): void;
  }

  export type { ServerException };
  export default Connection;
}
