import { ChannelCredentials, type experimental } from '@grpc/grpc-js';

/**
 * Credentials whose connection ends with its client. A grpc-js client that is closed between two connection attempts
 * makes one more, and if that succeeds it keeps the connection forever: here an attempt after the close fails before it
 * opens a socket.
 */
export class OwnConnection extends ChannelCredentials {
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
