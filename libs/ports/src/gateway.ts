/** One WebSocket. Every method may be called after the socket closed and does nothing then. */
export interface Connection {
  readonly id: string;
  readonly remoteAddress: string;
  /** The agreed subprotocol; empty when the client offered none. */
  readonly subprotocol: string;
  /**
   * `buffered`: the socket is slow and the frame waits. `dropped`: beyond the backlog bound, or closed; it will not arrive.
   * Bytes must not change afterwards: they may be written at the end of the turn.
   */
  send(data: string | Uint8Array): 'sent' | 'buffered' | 'dropped';
  /** Bytes that wait for this socket. */
  backlog(): number;
  /** Sends what waits, then closes with the code and a reason of at most 123 bytes. */
  end(code: number, reason: string): void;
}

/** None of them may throw: there is nobody to catch it. */
export interface GatewayHandlers {
  open(connection: Connection): void;
  /** `data` belongs to the handler: the gateway has copied it. Text frames come as strings. */
  message(connection: Connection, data: string | Uint8Array): void;
  /**
   * Called once for every opened connection, with 1006 when there was no closing handshake. Never within a call of
   * `end` or `send`, and without waiting for the client to answer.
   */
  close(connection: Connection, code: number): void;
  /** A plain HTTP GET or HEAD on the same port (health, metrics), without its query. Null: 404. */
  http(path: string): Promise<{ status: number; contentType: string; body: string } | null>;
}

export interface GatewayOptions {
  host: string;
  /** 0: a free one. A port in use is an error, never shared. */
  port: number;
  /** Where WebSockets are accepted, for example `/ws`. */
  path: string;
  /**
   * A larger frame, or message in fragments, is not delivered: its connection is closed with `largeFrameCode`, `frame_too_large`. From twice
   * as many bytes on the engine need not read it: then with 1009, or 1006 where the engine gives no code.
   */
  maxFrameBytes: number;
  largeFrameCode: number;
  /** Beyond it frames are dropped, and the connection is closed with `slowConsumerCode`, `slow_consumer`. */
  maxBacklogBytes: number;
  slowConsumerCode: number;
  /** The first one offered that is in the list is agreed. */
  subprotocols: readonly string[];
  /** Proxies of one's own before it, whose `X-Forwarded-For` says where a client is. Default: 0, and nobody is believed. */
  proxies?: number;
  /**
   * Whether an upgrade with this `Origin` (empty: none) to this `Host` is let in; else it gets 403. Default: every one is. An
   * upgrade with two of either, or of another field that there may be one of, gets 400 unasked.
   */
  admits?(origin: string, host: string): boolean;
  handlers: GatewayHandlers;
}

/** A listening WebSocket server. Disposing closes the listener and every connection. */
export interface Gateway extends AsyncDisposable {
  /** Which engine carries it, for logs and metrics. */
  readonly engine: string;
  readonly port: number;
  /** Takes no new connections; open ones stay. */
  stopListening(): void;
}

/** Errors: `config_invalid` naming the port when it cannot be had. */
export type GatewayFactory = (options: GatewayOptions) => Promise<Gateway>;
