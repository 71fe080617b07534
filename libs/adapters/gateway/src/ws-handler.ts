import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { clientAddress } from '@chasqui/kit';
import type { GatewayOptions } from '@chasqui/ports';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { CLOSING_TIMEOUT_MS, ENGINE_BOUND, GOING_AWAY, IDLE_TIMEOUT_S, TOO_LARGE } from './settings.ts';
import { agreedSubprotocol, UpgradeHeaders } from './upgrade-headers.ts';
import { WsConnection } from './ws-connection.ts';

/** Time that clients have to answer the close frame when the acceptor is disposed, ms. */
const DISPOSE_GRACE_MS = 500;

/** A gateway's options without its port. */
export type WsHandlerOptions = Omit<GatewayOptions, 'host' | 'port' | 'path'>;

/** Makes connections of the upgrades of some HTTP server. Disposing closes them; the server stays its owner's. */
export interface WsHandler extends AsyncDisposable {
  /** Answers an upgrade request, whose path the caller has checked. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void;
}

export function createWsHandler(options: WsHandlerOptions): WsHandler {
  const settings: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    maxPayload: options.maxFrameBytes * ENGINE_BOUND,
    perMessageDeflate: false,
    closeTimeout: CLOSING_TIMEOUT_MS,
    handleProtocols: (offered) => agreedSubprotocol([...offered].join(','), options.subprotocols) || false,
  };
  const sockets = new WebSocketServer(settings);
  const live = new Set<WebSocket>();
  const connections = new Set<WsConnection>();
  const accept = acceptor(options, connections);
  let isOpen = true;
  const probes = setInterval(() => {
    for (const connection of connections) connection.probe();
  }, IDLE_TIMEOUT_S * 1000);
  return {
    upgrade(request, stream, head) {
      const headers = UpgradeHeaders.of(request.rawHeaders);
      if (!isOpen) return refuseUpgrade(stream, '503 Service Unavailable');
      if (headers.isAmbiguous()) return refuseUpgrade(stream, '400 Bad Request');
      const isAdmitted = options.admits?.(headers.list('origin'), headers.list('host')) ?? true;
      if (!isAdmitted) return refuseUpgrade(stream, '403 Forbidden');
      sockets.handleUpgrade(request, stream, head, (socket) => {
        live.add(socket);
        socket.on('close', () => live.delete(socket));
        accept(socket, addressOf(request, headers, options));
      });
    },
    async [Symbol.asyncDispose]() {
      isOpen = false;
      clearInterval(probes);
      for (const connection of connections) connection.end(GOING_AWAY, 'the server stops');
      const closed = Promise.all([...live].map((socket) => once(socket, 'close')));
      const impatience = setTimeout(() => {
        for (const socket of live) socket.terminate();
      }, DISPOSE_GRACE_MS);
      await closed;
      clearTimeout(impatience);
    },
  };
}

/** Makes a connection of each upgraded socket and passes its events to the handlers. */
function acceptor(options: WsHandlerOptions, connections: Set<WsConnection>) {
  const { handlers, maxBacklogBytes, slowConsumerCode, maxFrameBytes, largeFrameCode } = options;
  const idPrefix = randomBytes(4).toString('hex');
  let opened = 0;
  return (socket: WebSocket, remoteAddress: string): void => {
    const connection = new WsConnection(socket, {
      id: `${idPrefix}-${(++opened).toString(36)}`,
      remoteAddress,
      maxBacklogBytes,
      slowConsumerCode,
      closed(closed, code) {
        connections.delete(closed);
        handlers.close(closed, code);
      },
    });
    connections.add(connection);
    socket.on('message', (data: Buffer, isBinary) => {
      connection.heard();
      if (!connection.isOpen) return;
      if (data.byteLength > maxFrameBytes) connection.end(largeFrameCode, TOO_LARGE);
      else handlers.message(connection, isBinary ? new Uint8Array(data) : data.toString());
    });
    handlers.open(connection);
  };
}

function addressOf({ socket }: IncomingMessage, headers: UpgradeHeaders, { proxies = 0 }: WsHandlerOptions): string {
  return clientAddress(socket.remoteAddress ?? '', headers.list('x-forwarded-for'), proxies);
}

/** The caller's server has forgotten the socket, so that nothing else would close it. */
export function refuseUpgrade(stream: Duplex, status: string): void {
  stream.on('error', () => stream.destroy());
  stream.once('finish', () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
