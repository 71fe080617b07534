import type { Socket } from 'node:net';
import { networkOf } from '@chasqui/kit';
import type { ApiContext, ApiServer } from '../context.ts';
import type { ApiSettings } from '../settings.ts';
import { SocketGuard } from './socket-guard.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its body may take as long as a picture does. */
    takesPictures?: boolean;
  }
}

/** How often Node looks for sockets whose request is late, in ms. */
const LOOK_EVERY_MS = 1_000;

/** The server's own times: heads that do not come, bodies of any route, sockets without a request or without a sign of life. */
export function socketBounds({ headTimeoutMs, pictureTimeoutMs, keepAliveMs }: ApiSettings) {
  return {
    http: { headersTimeout: headTimeoutMs, connectionsCheckingInterval: LOOK_EVERY_MS },
    requestTimeout: headTimeoutMs + pictureTimeoutMs,
    // A client that neither reads nor sends.
    connectionTimeout: headTimeoutMs + pictureTimeoutMs,
    keepAliveTimeout: keepAliveMs,
  };
}

/** Bounds sockets by number and by the time that a body takes. Behind proxies an address is the proxy's, and has no share of its own. */
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
  app.addHook('onRequest', async ({ raw, routeOptions }) => {
    // Undefined where the request came through no socket.
    if (raw.complete !== false) return;
    const bodyMs = routeOptions.config.takesPictures ? pictureTimeoutMs : bodyTimeoutMs;
    // Also for what is refused before its body is read, of which the rest still comes.
    const timer = clock.after(bodyMs, () => raw.complete || raw.socket.destroy());
    raw.once('close', () => timer.cancel());
  });
}
