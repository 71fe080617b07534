import type { IncomingMessage } from 'node:http';
import { WEBSOCKET_PATH } from '@chasqui/protocol';
import type { ApiServer, WebSocketHandler } from '../context.ts';

/** Whether a request asks for a WebSocket where there are any. */
export function asksForWebSocket({ url = '', headers }: IncomingMessage): boolean {
  return url.split('?', 1)[0] === WEBSOCKET_PATH && headers.upgrade?.toLowerCase() === 'websocket';
}

/** Hands WebSockets on this port to the Connect nodes of this process, with whatever bounds and origins they have. */
export function passWebSockets(app: ApiServer, webSockets: WebSocketHandler): void {
  app.server.on('upgrade', (request: IncomingMessage, stream, head) => webSockets.upgrade(request, stream, head));
}
