import type { HttpRequest, HttpResponse, us_listen_socket, WebSocket, WebSocketBehavior } from 'uWebSockets.js';
import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { clientAddress } from '@chasqui/kit';
import type { Gateway, GatewayFactory, GatewayOptions } from '@chasqui/ports';
import { answerHttp } from './http-answer.ts';
import { ENGINE_BOUND, GOING_AWAY, IDLE_TIMEOUT_S, portRefused, TOO_LARGE } from './settings.ts';
import { agreedSubprotocol, UpgradeHeaders } from './upgrade-headers.ts';
import { UwsConnection, type UwsUserData } from './uws-connection.ts';
import { UwsInbox } from './uws-inbox.ts';
import type { UwsModule } from './uws-loader.ts';
import { UwsOutbox } from './uws-outbox.ts';

/** The engine has checked the UTF-8 already. Measured: half the time of `Buffer` and `toString` for 300 bytes. */
const text = new TextDecoder('utf-8', { ignoreBOM: true });
/** The engine's option to fail if another process has the port, instead of sharing it silently. */
const EXCLUSIVE_PORT = 1;

/** Gateways on the loaded uWebSockets.js. */
export function createUwsGateway(uws: UwsModule): GatewayFactory {
  return async (options) => {
    const connections = new Set<UwsConnection>();
    const app = uws
      .App()
      .ws(options.path, behavior(options, connections))
      .any('/*', (response, request) => answer(options, response, request));
    const listener = await new Promise<us_listen_socket | false>((resolve) => {
      // The engine takes flags between port and callback even with a host; its type does not say so.
      const listen = app.listen as unknown as (
        host: string,
        port: number,
        flags: number,
        done: typeof resolve,
      ) => unknown;
      listen.call(app, options.host, options.port, EXCLUSIVE_PORT, resolve);
    });
    if (listener === false) throw portRefused(options.host, options.port);
    let listening = true;
    return {
      engine: 'uWebSockets.js',
      port: uws.us_socket_local_port(listener),
      stopListening() {
        if (listening) uws.us_listen_socket_close(listener);
        listening = false;
      },
      async [Symbol.asyncDispose]() {
        this.stopListening();
        for (const connection of connections) connection.end(GOING_AWAY, 'the server stops');
        await turn();
        app.close();
      },
    } satisfies Gateway;
  };
}

function behavior(options: GatewayOptions, connections: Set<UwsConnection>): WebSocketBehavior<UwsUserData> {
  const { handlers, maxBacklogBytes, slowConsumerCode, maxFrameBytes, largeFrameCode } = options;
  const shared = { outbox: new UwsOutbox(), maxBacklogBytes, slowConsumerCode };
  const inbox = new UwsInbox(handlers);
  const idPrefix = randomBytes(4).toString('hex');
  let opened = 0;
  const of = (socket: WebSocket<UwsUserData>) => socket.getUserData().connection;
  return {
    maxPayloadLength: maxFrameBytes * ENGINE_BOUND,
    // 0: the engine itself has no bound; see `UwsConnection`.
    maxBackpressure: 0,
    idleTimeout: IDLE_TIMEOUT_S,
    sendPingsAutomatically: true,
    maxLifetime: 0,
    upgrade(response, request, context) {
      const headers = new UpgradeHeaders();
      request.forEach((name, value) => {
        headers.add(name, value);
      });
      const refuse = (status: string) => void response.cork(() => response.writeStatus(status).end('', true));
      if (headers.isAmbiguous()) return refuse('400 Bad Request');
      if (options.admits?.(headers.list('origin'), headers.list('host')) === false) return refuse('403 Forbidden');
      const subprotocol = agreedSubprotocol(headers.list('sec-websocket-protocol'), options.subprotocols);
      const peer = text.decode(response.getRemoteAddressAsText());
      const remoteAddress = clientAddress(peer, headers.list('x-forwarded-for'), options.proxies ?? 0);
      const id = `${idPrefix}-${(++opened).toString(36)}`;
      const connection = new UwsConnection({ id, remoteAddress, subprotocol }, shared);
      response.upgrade({ connection }, request.getHeader('sec-websocket-key'), subprotocol, '', context);
    },
    open(socket) {
      const connection = of(socket);
      connection.opened(socket);
      connections.add(connection);
      handlers.open(connection);
    },
    message(socket, data, isBinary) {
      if (data.byteLength > maxFrameBytes) {
        inbox.flush();
        of(socket).end(largeFrameCode, TOO_LARGE);
        return;
      }
      // The engine reuses `data` when this returns; both forms are copies.
      inbox.add(of(socket), isBinary ? new Uint8Array(data.slice(0)) : text.decode(data));
    },
    drain: (socket) => of(socket).drained(),
    close(socket, code) {
      const connection = of(socket);
      connection.closed();
      inbox.flush();
      connections.delete(connection);
      // Deferred, so that a handler that ends a connection is not called back within that call.
      queueMicrotask(() => handlers.close(connection, code));
    },
  };
}

function answer({ handlers }: GatewayOptions, response: HttpResponse, request: HttpRequest): void {
  const method = request.getCaseSensitiveMethod();
  let open = true;
  response.onAborted(() => {
    open = false;
  });
  answerHttp(handlers, method, request.getUrl())
    .then(({ status, contentType, body }) => {
      if (!open) return;
      response.cork(() => {
        response.writeStatus(`${status} ${STATUS_CODES[status] ?? ''}`).writeHeader('content-type', contentType);
        if (method === 'HEAD') response.endWithoutBody(Buffer.byteLength(body));
        else response.end(body);
      });
    })
    .catch(() => open && response.close());
}
