import { createHash, timingSafeEqual } from 'node:crypto';
import { ImError } from '@chasqui/domain';
import { ChannelCredentials, type experimental, type Metadata, ServerCredentials } from '@grpc/grpc-js';
import { AUTHORIZATION } from './wire.ts';

/** A process's certificate for mutual TLS, in PEM. Each end accepts certificates that `ca` has signed. */
export interface PeerTls {
  ca: Buffer;
  cert: Buffer;
  key: Buffer;
  /** The name in the nodes' certificates, if it is not the host of their address. */
  serverName?: string;
}

/** How processes of one installation authenticate each other: by a shared secret, certificates, or both. */
export interface PeerCredentials {
  secret?: string;
  tls?: PeerTls;
}

/** Errors: `config_invalid` without a secret and a certificate. */
export function checkCredentials({ secret, tls }: PeerCredentials): void {
  if ((secret === undefined || secret === '') && tls === undefined) {
    throw new ImError('config_invalid', 'the peer link needs a secret or TLS certificates', { field: 'peerSecret' });
  }
}

export function channelCredentials({ tls }: PeerCredentials): ChannelCredentials {
  return new OwnConnection(
    tls === undefined ? ChannelCredentials.createInsecure() : ChannelCredentials.createSsl(tls.ca, tls.key, tls.cert),
  );
}

export function serverCredentials({ tls }: PeerCredentials): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  return ServerCredentials.createSsl(tls.ca, [{ private_key: tls.key, cert_chain: tls.cert }], true);
}

export function presentSecret({ secret }: PeerCredentials, metadata: Metadata): void {
  if (secret !== undefined) metadata.set(AUTHORIZATION, bearer(secret));
}

/** `presented`: the header `authorization`. Takes constant time, however much of a wrong secret is right. */
export function acceptsSecret({ secret }: PeerCredentials, presented: unknown): boolean {
  if (secret === undefined) return true;
  return timingSafeEqual(digest(bearer(secret)), digest(String(presented)));
}

/** In base64, as metadata is ASCII and a secret need not be. */
function bearer(secret: string): string {
  return `Bearer ${Buffer.from(secret).toString('base64')}`;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * Credentials whose connection ends with its client. A grpc-js client that is closed between two connection attempts
 * makes one more, and if that succeeds it keeps the connection forever: here an attempt after the close fails before it
 * opens a socket.
 */
class OwnConnection extends ChannelCredentials {
  readonly #inner: ChannelCredentials;

  constructor(inner: ChannelCredentials) {
    super();
    this.#inner = inner;
  }

  override _isSecure(): boolean {
    return this.#inner._isSecure();
  }

  override _equals(other: ChannelCredentials): boolean {
    return other === this;
  }

  override _createSecureConnector(
    ...parameters: Parameters<ChannelCredentials['_createSecureConnector']>
  ): experimental.SecureConnector {
    const connector = this.#inner._createSecureConnector(...parameters);
    let closed = false;
    return {
      waitForReady: () => (closed ? Promise.reject(new Error('the client is closed')) : connector.waitForReady()),
      connect: (socket) => connector.connect(socket),
      getCallCredentials: () => connector.getCallCredentials(),
      destroy() {
        closed = true;
        connector.destroy();
      },
    };
  }
}
