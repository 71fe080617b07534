import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newEndpoint } from '@chasqui/core';
import type { WebhookEndpoint } from '@chasqui/domain';
import { freePorts } from '../../cluster/free-ports.ts';

export const RECEIVERS = ['nobody wants events', 'answers at once', 'answers after 1 s', 'is away'] as const;
export type ReceiverName = (typeof RECEIVERS)[number];

const SLOW_MS = 1_000;

/** The receivers of webhooks, in this process. */
export class Receivers implements Disposable {
  /** Requests that they got. */
  count = 0;
  readonly #server: Server;
  readonly #freePort: number;

  private constructor(freePort: number) {
    this.#freePort = freePort;
    this.#server = createServer((request, response) => {
      this.count++;
      request.resume().once('end', () => {
        const answer = () => void response.writeHead(204).end();
        if (request.url === '/slow') setTimeout(answer, SLOW_MS);
        else answer();
      });
    });
  }

  static async open(): Promise<Receivers> {
    const [freePort = 0] = await freePorts(1);
    const receivers = new Receivers(freePort);
    await once(receivers.#server.listen(0, '127.0.0.1'), 'listening');
    return receivers;
  }

  /** An endpoint that wants all events; null: none. */
  endpointOf(name: ReceiverName): WebhookEndpoint | null {
    if (name === 'nobody wants events') return null;
    const { port } = this.#server.address() as AddressInfo;
    const path = name === 'answers at once' ? '/at-once' : '/slow';
    const url = name === 'is away' ? `http://127.0.0.1:${this.#freePort}/` : `http://127.0.0.1:${port}${path}`;
    const now = Date.now();
    return newEndpoint(
      { url, types: [], description: name },
      { allowHttp: true, allowPrivate: true },
      { now, randomBytes },
    );
  }

  [Symbol.dispose](): void {
    this.#server.close().closeAllConnections();
  }
}
