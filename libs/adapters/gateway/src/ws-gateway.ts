import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { clientAddress } from '@chasqui/kit';
import type { Gateway, GatewayFactory, GatewayOptions } from '@chasqui/ports';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { answerHttp } from './http-answer.ts';
import {
  CLOSING_TIMEOUT_MS,
  ENGINE_BOUND,
  GOING_AWAY,
  IDLE_TIMEOUT_S,
  portRefused,
  REQUEST_TIMEOUT_MS,
  TOO_LARGE,
} from './settings.ts';
import { agreedSubprotocol, UpgradeHeaders } from './upgrade-headers.ts';
import { WsConnection } from './ws-connection.ts';

/** Time that clients have to answer the close frame when the gateway is disposed, ms. */
const DISPOSE_GRACE_MS = 500;

/** A gateway in pure JavaScript, for platforms on which uWebSockets.js does not load. */
export const createWsGateway: GatewayFactory = async (options) => {
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
  const server = createServer({
    headersTimeout: REQUEST_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // By default, Node checks for late requests only every 30 s.
    connectionsCheckingInterval: 1_000,
  });
  server.on('request', (request, response) => {
    answerHttp(options.handlers, request.method ?? '', pathOf(request))
      .then(({ status, contentType, body }) => response.writeHead(status, { 'content-type': contentType }).end(body))
      .catch(() => response.destroy());
  });
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (pathOf(request) !== options.path) return refuseUpgrade(stream, '404 Not Found');
    const headers = UpgradeHeaders.of(request.rawHeaders);
    if (headers.isAmbiguous()) return refuseUpgrade(stream, '400 Bad Request');
    const isAdmitted = options.admits?.(headers.list('origin'), headers.list('host')) ?? true;
    if (!isAdmitted) return refuseUpgrade(stream, '403 Forbidden');
    sockets.handleUpgrade(request, stream, head, (socket) => {
      live.add(socket);
      socket.on('close', () => live.delete(socket));
      accept(socket, request);
    });
  });
  await listen(server, options);
  const stopped = new Promise<void>((resolve) => server.once('close', resolve));
  const probes = setInterval(() => {
    for (const connection of connections) connection.probe();
  }, IDLE_TIMEOUT_S * 1000);
  return {
    engine: 'ws',
    port: (server.address() as AddressInfo).port,
    stopListening: () => void server.close(),
    async [Symbol.asyncDispose]() {
      clearInterval(probes);
      server.close();
      for (const connection of connections) connection.end(GOING_AWAY, 'the server stops');
      server.closeAllConnections();
      const impatience = setTimeout(() => {
        for (const socket of live) socket.terminate();
      }, DISPOSE_GRACE_MS);
      await stopped;
      clearTimeout(impatience);
    },
  } satisfies Gateway;
};

/** Makes a connection of each upgraded socket and passes its events to the handlers. */
function acceptor(options: GatewayOptions, connections: Set<WsConnection>) {
  const { handlers, maxBacklogBytes, slowConsumerCode, maxFrameBytes, largeFrameCode } = options;
  const idPrefix = randomBytes(4).toString('hex');
  let opened = 0;
  return (socket: WebSocket, request: IncomingMessage): void => {
    const connection = new WsConnection(socket, {
      id: `${idPrefix}-${(++opened).toString(36)}`,
      remoteAddress: addressOf(request, options),
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

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function addressOf({ socket, rawHeaders }: IncomingMessage, { proxies = 0 }: GatewayOptions): string {
  return clientAddress(socket.remoteAddress ?? '', UpgradeHeaders.of(rawHeaders).list('x-forwarded-for'), proxies);
}

function refuseUpgrade(stream: Duplex, status: string): void {
  stream.on('error', () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function listen(server: Server, { host, port }: GatewayOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(portRefused(host, port, error)));
    server.listen({ host, port, exclusive: true }, resolve);
  });
}
