import type { Clock } from '@chasqui/domain';
import { RpcConnection, type RpcOptions } from '../wire/rpc-connection.ts';
import type { ServiceName } from '../wire/service-socket.ts';
import { SharedAttempt } from './attempts.ts';

export interface ConnectionsOptions extends Pick<RpcOptions, 'clock' | 'connectTimeoutMs' | 'user'> {
  service: ServiceName;
  clock: Clock;
  /** Called with each server whose connection ended. */
  onLost(server: string): void;
}

/** One connection per server, opened on demand and reopened after it ended. */
export class Connections implements Disposable {
  readonly #options: ConnectionsOptions;
  readonly #byServer = new Map<string, SharedAttempt<RpcConnection>>();
  readonly #open = new Map<string, RpcConnection>();
  #closed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** The open connection to `host:port`, if there is one. */
  ready(server: string): RpcConnection | undefined {
    return this.#open.get(server);
  }

  /** Opens or returns the connection to `host:port`. Errors: `HbaseError` (lost). */
  get(server: string): Promise<RpcConnection> {
    let shared = this.#byServer.get(server);
    if (shared === undefined) {
      const forget = () => this.#byServer.delete(server);
      shared = new SharedAttempt(this.#options.clock, () => this.#connect(server), forget);
      this.#byServer.set(server, shared);
    }
    return shared.get();
  }

  async #connect(server: string): Promise<RpcConnection> {
    const colon = server.lastIndexOf(':');
    const [host, port] = [server.slice(0, colon), Number(server.slice(colon + 1))];
    try {
      const connection = await RpcConnection.open({ ...this.#options, host, port });
      this.#open.set(server, connection);
      connection.onClose(() => {
        this.#open.delete(server);
        this.#byServer.delete(server);
        this.#options.onLost(server);
      });
      if (this.#closed) connection.close();
      return connection;
    } catch (error) {
      this.#options.onLost(server);
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const connection of this.#open.values()) connection.close();
  }
}
