import type { GatewayHandlers } from '@chasqui/ports';
import type { UwsConnection } from './uws-connection.ts';

interface Arrived {
  connection: UwsConnection;
  data: string | Uint8Array;
}

/**
 * Gathers the frames that one poll of the event loop brought, and hands them on together when it ends: whatever their handlers
 * batch by turn (look-ups, deliveries, events) is then made once for all of them, where the engine would end a turn after
 * each frame. Bound: what one poll reads, at most the engine's receive buffer for each socket that had something.
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

  /** Hands on what has arrived, also early: before the close of a connection is told. */
  flush(): void {
    const arrived = this.#arrived;
    if (arrived.length === 0) return;
    this.#arrived = [];
    for (const { connection, data } of arrived) if (!connection.ended) this.#handlers.message(connection, data);
  }
}
