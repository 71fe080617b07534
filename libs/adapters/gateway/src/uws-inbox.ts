import type { GatewayHandlers } from '@chasqui/ports';
import type { UwsConnection } from './uws-connection.ts';

interface Arrived {
  connection: UwsConnection;
  data: string | Uint8Array;
}

/**
 * Collects the frames of one poll of the event loop, and passes them on together when it ends: work that their handlers
 * batch per turn (look-ups, deliveries, events) is then done once for all of them, as the engine would end a turn after
 * each frame. Bound: what one poll reads, at most the engine's receive buffer for each readable socket.
 */
export class UwsInbox {
  readonly #handlers: Pick<GatewayHandlers, 'message'>;
  #arrived: Arrived[] = [];

  constructor(handlers: Pick<GatewayHandlers, 'message'>) {
    this.#handlers = handlers;
  }

  add(connection: UwsConnection, data: string | Uint8Array): void {
    if (this.#arrived.push({ connection, data }) === 1) setImmediate(() => this.flush());
  }

  /** Passes on what has arrived, also early: before the close of a connection is announced. */
  flush(): void {
    const arrived = this.#arrived;
    if (arrived.length === 0) return;
    this.#arrived = [];
    for (const { connection, data } of arrived) if (!connection.ended) this.#handlers.message(connection, data);
  }
}
