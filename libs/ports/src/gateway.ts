/** One WebSocket. Methods may be called after the socket closed; they then do nothing. */
export interface Connection {
  readonly id: string;
  readonly remoteAddress: string;
  /** The agreed subprotocol; empty when the client offered none. */
  readonly subprotocol: string;
  /**
   * `buffered`: the socket is slow and the frame waits. `dropped`: the backlog bound was reached or the socket is
   * closed; the frame will not arrive. Do not change the bytes afterwards: they may be written at the end of the turn.
   */
  send(data: string | Uint8Array): 'sent' | 'buffered' | 'dropped';
  /** Writes to the socket now what `send` keeps for the end of the turn. */
  flush(): void;
  /** Bytes buffered for this socket. */
  backlog(): number;
  /** Sends the buffered frames, then closes with the code and a reason of at most 123 bytes. */
  end(code: number, reason: string): void;
}

/** The handlers must not throw: no code catches their errors. */
export interface GatewayHandlers {
  open(connection: Connection): void;
  /** `data` belongs to the handler: the gateway has copied it. Text frames are strings. */
  message(connection: Connection, data: string | Uint8Array): void;
  /**
   * Called exactly once for every opened connection, with 1006 if there was no closing handshake. Never called within
   * `end` or `send`, and does not wait for the client's answer.
   */
  close(connection: Connection, code: number): void;
  /** A plain HTTP GET or HEAD on the same port (health, metrics); `path` has no query. Null: 404. */
  http(path: string): Promise<{ status: number; contentType: string; body: string } | null>;
}

export interface GatewayOptions {
  host: string;
  /** 0: any free port. A port in use is an error; ports are never shared. */
  port: number;
  /** The path that accepts WebSockets, for example `/ws`. */
  path: string;
  /**
   * A larger frame, or fragmented message, is not delivered: its connection is closed with `largeFrameCode` and
   * `frame_too_large`. From twice this size the engine may stop reading: it then closes with 1009, or 1006 if it gives
   * no code.
   */
  maxFrameBytes: number;
  largeFrameCode: number;
  /** Beyond this, frames are dropped and the connection is closed with `slowConsumerCode` and `slow_consumer`. */
  maxBacklogBytes: number;
  slowConsumerCode: number;
  /** The first subprotocol offered that is in this list is agreed. */
  subprotocols: readonly string[];
  /**
   * The number of trusted proxies in front of the gateway, whose `X-Forwarded-For` names the client's address. Default:
   * 0, so that the header is ignored.
   */
  proxies?: number;
  /**
   * Whether an upgrade with this `Origin` (empty: none) to this `Host` is accepted; otherwise it gets 403. Default: all
   * are. An upgrade that repeats either header, or any other that may occur once, gets 400 without a call of this.
   */
  admits?(origin: string, host: string): boolean;
  handlers: GatewayHandlers;
}

/** A listening WebSocket server. Disposing closes the listener and every connection. */
export interface Gateway extends AsyncDisposable {
  /** The engine's name, for logs and metrics. */
  readonly engine: string;
  readonly port: number;
  /** Stops accepting connections; open ones stay. */
  stopListening(): void;
}

/** Errors: `config_invalid`, naming the port, if it cannot be bound. */
export type GatewayFactory = (options: GatewayOptions) => Promise<Gateway>;
