import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Gateway, GatewayFactory, GatewayOptions } from '@chasqui/ports';
import { answerHttp } from './http-answer.ts';
import { portRefused, REQUEST_TIMEOUT_MS } from './settings.ts';
import { createWsHandler, refuseUpgrade } from './ws-handler.ts';

/** A gateway in pure JavaScript, for platforms on which uWebSockets.js does not load. */
export const createWsGateway: GatewayFactory = async (options) => {
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
  const acceptor = createWsHandler(options);
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (pathOf(request) === options.path) acceptor.upgrade(request, stream, head);
    else refuseUpgrade(stream, '404 Not Found');
  });
  try {
    await listen(server, options);
  } catch (error) {
    await acceptor[Symbol.asyncDispose]();
    throw error;
  }
  const stopped = new Promise<void>((resolve) => server.once('close', resolve));
  return {
    engine: 'ws',
    port: (server.address() as AddressInfo).port,
    stopListening: () => void server.close(),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await acceptor[Symbol.asyncDispose]();
      await stopped;
    },
  } satisfies Gateway;
};

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function listen(server: Server, { host, port }: GatewayOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(portRefused(host, port, error)));
    server.listen({ host, port, exclusive: true }, resolve);
  });
}
