import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { NodeInfo } from '@chasqui/domain';
import { refuseUpgrade, type WsHandler } from './ws-handler.ts';

/** A node of this process that takes WebSockets on another server's port. */
export interface SharingNode {
  acceptor: Pick<WsHandler, 'upgrade'>;
  describe(): Pick<NodeInfo, 'connections' | 'draining'>;
  /** The URL that clients are given instead: that of a balancer. */
  publicUrl?: string;
}

/** The WebSockets on the API's port, for the Connect nodes of the same process. */
export class SharedPort {
  readonly #nodes = new Map<string, SharingNode & { handed: number }>();

  register(nodeId: string, node: SharingNode): Disposable {
    this.#nodes.set(nodeId, { ...node, handed: 0 });
    return { [Symbol.dispose]: () => void this.#nodes.delete(nodeId) };
  }

  /** Whether clients should reach the node through this port. */
  has(nodeId: string): boolean {
    const node = this.#nodes.get(nodeId);
    return node !== undefined && node.publicUrl === undefined;
  }

  /**
   * Hands an upgrade to a node: the one that `?node=` names or, without it and while that one drains, the one with the
   * fewest connections. Answers 503 if there is none.
   */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const node = this.#named(request.url ?? '/') ?? this.#idlest();
    if (node === undefined) refuseUpgrade(stream, '503 Service Unavailable');
    else {
      node.handed++;
      stream.once('close', () => node.handed--);
      node.acceptor.upgrade(request, stream, head);
    }
  }

  #named(url: string) {
    const query = url.split('?', 2)[1] ?? '';
    const node = this.#nodes.get(new URLSearchParams(query).get('node') ?? '');
    return node?.describe().draining === true ? undefined : node;
  }

  #idlest() {
    const taking = [...this.#nodes.values()].flatMap((node) => {
      const { draining, connections } = node.describe();
      // A node knows of a connection once it has logged in: many at once would all go to the same.
      return draining ? [] : [{ node, load: Math.max(connections, node.handed) }];
    });
    return taking.sort((a, b) => a.load - b.load)[0]?.node;
  }
}
