import { ImError } from '@chasqui/domain';

/** The events of the client's socket. `closed` comes once, and nothing after it. */
export interface SocketHandlers {
  opened(): void;
  /** One text frame. */
  received(text: string): void;
  /** 1006 when there was no closing handshake. */
  closed(code: number, reason: string): void;
}

export interface Socket {
  /** No effect before `opened` and after `closed`. */
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** Opens one WebSocket. Does not throw: errors are reported later, through `closed`. */
export type Transport = (url: string, handlers: SocketHandlers) => Socket;

/** What the library needs of a WebSocket: that of browsers, and those of the packages `ws` and `undici`. */
export interface WebSocketLike {
  /** 1: open. */
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export type WebSocketConstructor = new (url: string) => WebSocketLike;

const OPEN = 1;

/**
 * WebSockets as transport; default: the platform's, which browsers, Node from 22, Deno and Bun have. Errors:
 * `config_invalid` where the platform has none.
 */
export function webSocketTransport(
  WebSocket: WebSocketConstructor | undefined = (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket,
): Transport {
  if (WebSocket === undefined) {
    throw new ImError('config_invalid', 'webSocket must be an option: the platform has none', {
      field: 'webSocket',
    });
  }
  return (url, handlers) => {
    const socket = new WebSocket(url);
    socket.onopen = () => handlers.opened();
    socket.onmessage = ({ data }: { data: unknown }) => {
      if (typeof data === 'string') handlers.received(data);
    };
    // `closed` follows; without a handler, some implementations throw.
    socket.onerror = () => undefined;
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => handlers.closed(code, reason);
    return {
      send(text) {
        if (socket.readyState === OPEN) socket.send(text);
      },
      close(code, reason) {
        socket.close(code, reason);
      },
    };
  };
}
