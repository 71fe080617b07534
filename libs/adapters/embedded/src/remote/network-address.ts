import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Clock, defined } from '@chasqui/domain';
import type { PeerCertificate } from '@chasqui/kit';
import { introduce } from './handshake.ts';

/** How processes of one installation know each other over a network. */
export interface NetworkCredentials {
  /** The installation's own. */
  secret: string;
  /** Absent: the connection is not encrypted; for a private network. */
  tls?: PeerCertificate;
}

/** The engine host of another machine. */
export interface NetworkAddress extends NetworkCredentials {
  host: string;
  port: number;
}

/** The oldest version of TLS that is spoken. */
export const MIN_TLS = 'TLSv1.2';

/** Where an engine host is. */
export interface EnginePlace {
  /** The socket of this machine on which `serveEmbeddedEngines` listens. */
  path: string;
  /** Its address on another machine, which is used instead of the socket. */
  network?: NetworkAddress;
}

export function placeOf({ path, network }: EnginePlace): string {
  return network === undefined ? path : `${network.host}:${network.port}`;
}

/**
 * A socket to the engine host, and the moment from which frames may be sent: over a network, both ends then know each
 * other. Errors of `open`: `config_invalid` if the host has another secret, `engine_unavailable` if it does not answer.
 */
export function dial({ path, network }: EnginePlace, clock: Clock): { socket: Socket; open: Promise<void> } {
  if (network === undefined) return { socket: connectTcp(path), open: Promise.resolve() };
  const { host, port, secret, tls } = network;
  const socket = tls === undefined ? connectTcp({ host, port, noDelay: true }) : dialTls({ host, port }, tls);
  return { socket, open: introduce(socket, { secret, clock, place: `${host}:${port}` }) };
}

function dialTls(to: { host: string; port: number }, { ca, cert, key, serverName }: PeerCertificate): Socket {
  const socket = connectTls({ ...to, ca, cert, key, minVersion: MIN_TLS, ...defined({ servername: serverName }) });
  return socket.setNoDelay(true);
}
