import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { type Clock, ImError } from '@chasqui/domain';
import { type Logger, OTHER_PORT, seldom } from '@chasqui/kit';
import type { EmbeddedEngines } from '../open-engines.ts';
import { admit, HANDSHAKE_MS } from './handshake.ts';
import { MIN_TLS, type NetworkAddress } from './network-address.ts';
import { ServedConnection } from './served-connection.ts';

/** Processes of one installation, and strangers until they are refused (C16). */
const MAX_CONNECTIONS = 256;
/** The least time between log lines about strangers, in ms. */
const REFUSAL_LOG_MS = 10_000;

export interface ServeNetworkOptions extends NetworkAddress {
  clock: Clock;
  logger: Logger;
}

/**
 * Serves the engines to processes of other machines that have the installation's secret and, with TLS, a certificate of
 * its authority, until disposal. Port 0: a free one. Errors: `config_invalid` if the address cannot be used.
 */
export async function serveEngineNetwork(
  engines: EmbeddedEngines,
  options: ServeNetworkOptions,
): Promise<{ port: number } & AsyncDisposable> {
  const { host, port, clock, logger } = options;
  const connections = new Set<ServedConnection>();
  const sockets = new Set<Socket>();
  const refused = seldom(clock, REFUSAL_LOG_MS, (refusals, peer: string, reason: string) =>
    logger.warn({ peer, reason, refusals }, 'a process was refused that asked for the engines'),
  );
  const welcome = async (socket: Socket) => {
    socket.on('error', () => socket.destroy());
    try {
      await admit(socket, options);
      connections.add(new ServedConnection(socket, engines, clock, (connection) => connections.delete(connection)));
    } catch (error) {
      const { code, message } = ImError.from(error);
      if (code === 'config_invalid') refused(String(socket.remoteAddress), message);
      else socket.destroy();
    }
  };
  const server = listenerOf(options, (socket) => void welcome(socket));
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.setNoDelay(true).on('close', () => sockets.delete(socket)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const text = `cannot listen on ${host}:${port} for processes that use the engines: ${error.message}. ${OTHER_PORT}`;
      reject(new ImError('config_invalid', text, { field: 'port' }, error));
    });
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  logger.info({ host, port: bound, tls: options.tls !== undefined }, 'serving the engines to other machines');
  return {
    port: bound,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections) connection[Symbol.dispose]();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function listenerOf({ tls }: ServeNetworkOptions, welcome: (socket: Socket) => void): Server {
  if (tls === undefined) return createServer(welcome);
  const { ca, cert, key } = tls;
  const mutual = { ca, cert, key, requestCert: true, rejectUnauthorized: true };
  return createTlsServer({ ...mutual, minVersion: MIN_TLS, handshakeTimeout: HANDSHAKE_MS }, welcome);
}
