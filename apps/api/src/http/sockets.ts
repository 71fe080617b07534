import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { networkOf } from '@chasqui/kit';
import type { ApiContext, ApiServer, WebSocketHandler } from '../context.ts';
import type { ApiSettings } from '../settings.ts';
import { SocketGuard } from './socket-guard.ts';
import { asksForWebSocket } from './web-sockets.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its body may take as long as a picture's. */
    takesPictures?: boolean;
  }
}

/** How often Node looks for sockets with a late request, in ms. */
const LOOK_EVERY_MS = 1_000;

/** The server's time limits: for heads, for the bodies of any route, and for sockets that are idle or silent. */
export function socketBounds(
  { headTimeoutMs, pictureTimeoutMs, keepAliveMs }: ApiSettings,
  webSockets: WebSocketHandler | undefined,
) {
  return {
    http: {
      headersTimeout: headTimeoutMs,
      connectionsCheckingInterval: LOOK_EVERY_MS,
      // Without it, a request that offers another protocol (h2c) would get no answer.
      shouldUpgradeCallback: (request: IncomingMessage) => webSockets !== undefined && asksForWebSocket(request),
    },
    requestTimeout: headTimeoutMs + pictureTimeoutMs,
    // For a client that neither reads nor sends.
    connectionTimeout: headTimeoutMs + pictureTimeoutMs,
    keepAliveTimeout: keepAliveMs,
  };
}

/**
 * Bounds the number of sockets and the time that a body may take. Behind proxies, all sockets have the proxy's address,
 * so there is no bound per address.
 */
export function guardSockets(app: ApiServer, { settings, clock }: Pick<ApiContext, 'settings' | 'clock'>): void {
  const { maxSockets, maxSocketsPerAddress, proxies, bodyTimeoutMs, pictureTimeoutMs } = settings;
  const perAddress = proxies === 0 ? maxSocketsPerAddress : maxSockets;
  const guard = new SocketGuard<Socket>({ maxSockets, maxSocketsPerAddress: perAddress });
  app.server.prependListener('connection', (socket: Socket) => {
    if (!guard.opened(socket, networkOf(socket.remoteAddress ?? ''))) socket.destroy();
    else socket.once('close', () => guard.closed(socket));
  });
  app.server.prependListener('request', ({ socket }, response) => {
    guard.asked(socket);
    response.once('close', () => guard.answered(socket));
  });
  // A WebSocket counts in the bounds of its Connect node.
  app.server.prependListener('upgrade', ({ socket }) => guard.closed(socket));
  app.addHook('onRequest', async ({ raw, routeOptions }) => {
    // Undefined if the request did not arrive through a socket.
    if (raw.complete !== false) return;
    const bodyMs = routeOptions.config.takesPictures ? pictureTimeoutMs : bodyTimeoutMs;
    // Also for requests that are refused before their body is read, as the rest of the body still arrives.
    const timer = clock.after(bodyMs, () => raw.complete || raw.socket.destroy());
    raw.once('close', () => timer.cancel());
  });
}
