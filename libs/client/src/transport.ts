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

/** The platform's own WebSocket: browsers, Node from 22, Deno, Bun. */
export const webSocketTransport: Transport = (url, handlers) => {
  const socket = new WebSocket(url);
  socket.addEventListener('open', () => handlers.opened());
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') handlers.received(data);
  });
  socket.addEventListener('close', ({ code, reason }) => handlers.closed(code, reason));
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close(code, reason) {
      socket.close(code, reason);
    },
  };
};
